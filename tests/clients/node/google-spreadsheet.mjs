// google-spreadsheet keeps a library: node google-spreadsheet.mjs ROOT SPREADSHEET. Tells what it saw as JSON.
import { GoogleSpreadsheet } from 'google-spreadsheet';

const [root, id] = process.argv.slice(2);
const doc = new GoogleSpreadsheet(id, { token: 'user:owner@localhost' });
// Its two HTTP clients are public; only their roots are others.
doc.sheetsApi = doc.sheetsApi.extend({ prefixUrl: `${root}/v4/spreadsheets/${id}` });
doc.driveApi = doc.driveApi.extend({ prefixUrl: `${root}/drive/v3/files/${id}` });
const told = {};

await doc.loadInfo();
told.title = doc.title;
await doc.updateProperties({ title: 'Library' });

// A tab with a head, rows by its names.
const sheet = await doc.addSheet({ title: 'Books', headerValues: ['title', 'year', 'lent'] });
await sheet.addRow({ title: 'Emma', year: 1815, lent: 'no' });
await sheet.addRows([
  { title: 'Ulysses', year: 1922, lent: 'yes' },
  { title: 'Faust', year: 1808, lent: 'no' },
  { title: 'Hamlet', year: 1603, lent: 'yes' },
]);
const rows = await sheet.getRows();
told.rows = rows.map((row) => [row.rowNumber, row.get('title'), row.get('year')]);
rows[1].set('lent', 'lost');
await rows[1].save();
await rows[2].delete();

// Cells: values, formulas, looks, notes.
await sheet.loadCells('A1:D4');
const sum = sheet.getCellByA1('D1');
sum.formula = '=SUM(B2:B4)';
const head = sheet.getCell(0, 0);
head.textFormat = { bold: true };
head.note = 'as on the cover';
sheet.getCellByA1('B2').numberFormat = { type: 'NUMBER', pattern: '0.0' };
await sheet.saveUpdatedCells();
told.sum = [sum.value, sum.formula];
told.shown = sheet.getCellByA1('B2').formattedValue;
told.head = [head.textFormat.bold, head.note];

// The tab itself.
await sheet.updateProperties({ title: 'All books', gridProperties: { rowCount: 30, columnCount: 8, frozenRowCount: 1 } });
await sheet.resize({ rowCount: 25, columnCount: 6 });
await sheet.mergeCells({ startRowIndex: 5, endRowIndex: 7, startColumnIndex: 0, endColumnIndex: 2 });
await sheet.setBasicFilter({ range: { sheetId: sheet.sheetId, startRowIndex: 0, endRowIndex: 4 } });
await sheet.addProtectedRange({ range: { sheetId: sheet.sheetId, startRowIndex: 0, endRowIndex: 1 }, description: 'head' });
const copy = await sheet.duplicate({ title: 'Copy', index: 0 });
told.copy = [copy.title, copy.index, doc.sheetsByIndex.map((one) => one.title)];
await copy.delete();
told.left = doc.sheetsByIndex.map((one) => one.title);
told.size = [sheet.rowCount, sheet.columnCount];

// A refusal carries Google's words.
try {
  await doc.addSheet({ title: 'All books' });
} catch (error) {
  told.refused = error.message;
}
told.people = (await doc.listPermissions()).map((one) => one.role);

process.stdout.write(JSON.stringify(told));
