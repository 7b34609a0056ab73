// Opens a page in headless Chromium as a phone, a screen and paper, and prints what the browser has against it, and axe on a screen.
// Usage: node look.mjs CHROMIUM PAGE [PDF]
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const [program, file, pdf] = process.argv.slice(2);
const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const browser = await puppeteer.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu"] });
const told = { console: [], requests: [], dialogs: [], violations: {}, wider: {}, scripts: 0, passes: 0, links: [] };

try {
  for (const [name, width, media] of [["phone", 375, "screen"], ["screen", 1280, "screen"], ["paper", 794, "print"]]) {
    const page = await browser.newPage();
    page.on("console", (message) => told.console.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => told.console.push(String(error)));
    page.on("dialog", (dialog) => { told.dialogs.push(dialog.message()); dialog.dismiss(); });
    page.on("request", (request) => told.requests.push(request.url()));
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaType(media);
    await page.goto(`file://${file}`, { waitUntil: "load" });
    told.scripts = await page.evaluate(() => document.scripts.length);
    told.links = await page.evaluate(() => [...document.links].map((link) => link.href));
    told.wider[name] = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
    if (media === "screen") {
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations", "passes"] }));
      told.passes = found.passes.length;
      told.violations[name] = found.violations.map((one) => [one.id, one.nodes.length, one.nodes[0].html.slice(0, 200)]);
    }
    if (media === "print" && pdf) await page.pdf({ path: pdf, format: "A4", preferCSSPageSize: true });
    await page.close();
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(told));
