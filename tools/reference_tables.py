"""Write the tables of docs that are the program's own lists: single settings, codes of findings.

`python -m tools.reference_tables` after one of them has come, gone or changed.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.method.settings_tab.diff import in_words
from sheetsync.method.settings_tab.document import default
from sheetsync.method.settings_tab.scalars import GROUPS
from sheetsync.method.settings_tab.vocabulary_in_force import (
    vocabulary_in_force,
)
from sheetsync.reporting.layout.finding_names import KINDS

DOCS = Path(__file__).parents[1] / "docs"
BEGIN, END = (
    "<!-- table: tools/reference_tables.py -->",
    "<!-- end of table -->",
)


def settings_table() -> Iterator[str]:
    """Go through the single settings, in the order of the tab."""
    policy, english = template("en"), language("en")
    document = default(policy)
    words = vocabulary_in_force(policy, document)
    yield "| on the tab | in a file | in the method |"
    yield "|---|---|---|"
    for group in GROUPS:
        yield f"| **{english.text(group.title)}** | | |"
        for scalar in group.scalars:
            value = in_words(scalar.kind, document.scalars[scalar.path], words)
            yield f"| {english.text(scalar.label)} | `{scalar.path}` | {value} |"


def findings_table() -> Iterator[str]:
    """Go through the codes of findings that have a line of their own on the summary."""
    english = language("en")
    yield "| code | what is wrong |"
    yield "|---|---|"
    for code, words in KINDS.items():
        yield f"| `{code}` | {english.text(words)} |"


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "settings.md": settings_table,
    "json.md": findings_table,
}


def with_table(page: str, table: Callable[[], Iterator[str]]) -> str:
    """Return the text of a page with its table as it is now."""
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    return "\n".join((f"{before}{BEGIN}", "", *table(), "", f"{END}{after}"))


def main() -> None:
    """Write the tables anew."""
    for name, table in PAGES.items():
        page = DOCS / name
        written = with_table(page.read_text(encoding="utf-8"), table)
        page.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
