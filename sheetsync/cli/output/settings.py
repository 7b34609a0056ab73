"""The settings of a base as they are shown: what differs from the method, what a file would change, what is mistaken."""

from collections.abc import Sequence
from typing import Any

from openpyxl.utils import get_column_letter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sheetsync.i18n import Language
from sheetsync.method.settings_tab.blocks import BLOCK
from sheetsync.method.settings_tab.diff import Change
from sheetsync.services.edit_settings import InForce


def show(found: InForce, spoken: Language, out: Console) -> None:
    """Show which settings are not the method's own, and what on the tab cannot be understood."""
    text, differs = spoken.text, found.differs()
    if differs:
        show_changes(differs, spoken, out)
    else:
        out.print(escape(text("Every setting is the method's own.")))
    for mistake in mistakes_json(found):
        place = ", ".join(str(part) for part in (mistake["tab"], mistake["cell"]) if part)
        out.print(f"[yellow]{escape(place)}: {escape(mistake['message'])}[/yellow]")


def show_changes(found: Sequence[Change], spoken: Language, out: Console) -> None:
    """Show differences: where, of what, what it was, what it is."""
    if not found:
        return
    text, table = spoken.text, Table()
    for heading in (text("Where"), text("What"), text("Setting"), text("Before"), text("Now")):
        table.add_column(heading, overflow="fold")
    for change in found:
        cells = (
            change.block,
            change.name,
            change.setting,
            change.before or "—",
            change.after or "—",
        )
        table.add_row(*(escape(cell) for cell in cells))
    out.print(table)


def mistakes_json(found: InForce) -> list[dict[str, Any]]:
    """Return what on the tab cannot be understood, and which of its blocks are gone; row 0 is the whole tab.

    `cell` is the one beside the entry, in which the tab explains it.
    """
    title = found.grid.title if found.grid else found.policy.words.tabs["settings"]
    told: list[dict[str, Any]] = [
        {
            "tab": title,
            "row": one.row + 1,
            "cell": f"{get_column_letter(one.column + 1)}{one.row + 1}",
            "message": one.text,
        }
        for one in found.told.remarks
        if not one.asked
    ]
    text = found.language.text
    for key in found.told.gone if found.grid else ():
        said = text(
            "“{block}” is gone from this tab; what stood there last still holds.",
            block=text(BLOCK[key].title),
        )
        told.append({"tab": title, "row": 0, "cell": "", "message": said})
    if found.told.gone and not found.grid:
        told.append(
            {
                "tab": title,
                "row": 0,
                "cell": "",
                "message": text(
                    "The tab “{tab}” is gone; what it said last still holds.", tab=title
                ),
            }
        )
    return told
