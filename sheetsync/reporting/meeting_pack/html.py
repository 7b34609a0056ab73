"""The page as HTML: one file that fetches nothing, runs nothing, and in which texts stay texts.

What stands on the page is `page`'s; how it looks, the templates'.
"""

from base64 import b64encode
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout import theme
from sheetsync.reporting.meeting_pack.chart_shapes import ChartPicture
from sheetsync.reporting.meeting_pack.model import Page

FOLDER = Path(__file__).parent / "template"
WORDS = {
    "charts": marked("Charts"),
    "contents": marked("Contents"),
    "first": marked("To be settled first"),
    "how": marked("How it is counted"),
    "main": marked("The main figures"),
    "made": marked(
        "Made by sheetsync from the base as it stands. A dash means: not known."
    ),
    "same": marked("The same in figures"),
}
"""What the templates say themselves."""
INKS = {
    "blue": theme.BLUE,
    "red": theme.RED,
    "amber": "#92400E",
    "green": "#166534",
    "grey": "#4B5563",
    "": "",
}
"""Colours of words, by tone: with a contrast of 4.5 to 1 at least on white."""
FILLS = {
    "blue": theme.BLUE_PALE,
    "red": theme.RED_PALE,
    "amber": theme.AMBER_PALE,
    "green": theme.GREEN_PALE,
    "grey": theme.PAPER,
    "": "",
}
"""Colours of what lies under words, by tone."""


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        # Whatever a row holds stays text: nothing of it may come alive on the page.
        autoescape=True,
        # A name that a template misspells is an error, and no gap on the page.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def html_of(page: Page, language: Language) -> str:
    """Return the page for a browser, and for what prints as one."""
    environment = _environment()
    style = environment.get_template("style.css").render(theme=theme)
    template = environment.get_template("page.html")
    return template.render(
        page=page, words=_words(language), style=style, theme=theme
    )


def office_html_of(page: Page, language: Language) -> str:
    """Return the page for a word processor: in tables, charts as pictures of the same file."""
    # LibreOffice's Writer reads neither grids nor inline SVG.
    pictures = [_embedded(chart.picture) for chart in page.charts]
    template = _environment().get_template("office.html")
    return template.render(
        page=page,
        words=_words(language),
        theme=theme,
        inks=INKS,
        fills=FILLS,
        pictures=pictures,
    )


def _words(language: Language) -> dict[str, str]:
    return {name: language.text(sentence) for name, sentence in WORDS.items()}


def _embedded(picture: ChartPicture | None) -> str:
    """Return a picture as an address that holds it, "" where nothing was drawn."""
    if picture is None:
        return ""
    template = _environment().get_template("picture.svg")
    svg = template.render(picture=picture, theme=theme, words={})
    data = b64encode(svg.strip().encode("utf-8"))
    return f"data:image/svg+xml;base64,{data.decode('ascii')}"
