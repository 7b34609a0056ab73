"""The page as HTML: one file that fetches nothing, runs nothing, and in which every text of a row stays text."""

from base64 import b64encode
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout import theme as look
from sheetsync.reporting.meeting_pack.chart_shapes import Picture
from sheetsync.reporting.meeting_pack.model import Page

FOLDER = Path(__file__).parent / "template"
WORDS = {
    "charts": marked("Charts"),
    "contents": marked("Contents"),
    "first": marked("To be settled first"),
    "how": marked("How it is counted"),
    "main": marked("The main figures"),
    "made": marked("Made by sheetsync from the base as it stands. A dash means: not known."),
    "same": marked("The same in figures"),
}
"""What the templates say themselves."""


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


INKS = {
    "blue": look.BLUE,
    "red": look.RED,
    "amber": "#92400E",
    "green": "#166534",
    "grey": "#4B5563",
    "": "",
}
FILLS = {
    "blue": look.BLUE_PALE,
    "red": look.RED_PALE,
    "amber": look.AMBER_PALE,
    "green": look.GREEN_PALE,
    "grey": look.PAPER,
    "": "",
}
"""Colours of words and of what lies under them, by tone: words have a contrast of 4.5 to 1 at least on white."""


def html_of(page: Page, language: Language) -> str:
    """Return the page for a browser, and for what prints as one."""
    style = _environment().get_template("style.css").render(look=look)
    return (
        _environment()
        .get_template("page.html")
        .render(page=page, words=_words(language), style=style, look=look)
    )


def office_html_of(page: Page, language: Language) -> str:
    """Return the page for a word processor: laid out in tables, charts as pictures that are part of the file."""
    pictures = [_embedded(chart.picture) if chart.picture else "" for chart in page.charts]
    template = _environment().get_template("office.html")
    return template.render(
        page=page, words=_words(language), look=look, inks=INKS, fills=FILLS, pictures=pictures
    )


def _words(language: Language) -> dict[str, str]:
    return {name: language.text(sentence) for name, sentence in WORDS.items()}


def _embedded(picture: Picture) -> str:
    svg = _environment().get_template("picture.svg").render(of=picture, look=look, words={})
    return "data:image/svg+xml;base64," + b64encode(svg.strip().encode("utf-8")).decode("ascii")
