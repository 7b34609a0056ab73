"""How the settings of a base are shown: what differs from the method, what is mistaken.

What a setting means, and what a file would change, is the service's to know.
"""

from collections.abc import Sequence
from typing import Any

from openpyxl.utils import get_column_letter
from rich.console import Console
from rich.markup import escape

from sheetsync.cli.output.terminal import table_of
from sheetsync.i18n import Language
from sheetsync.method.settings_tab.blocks import BLOCK
from sheetsync.method.settings_tab.diff import Change
from sheetsync.services.edit_settings import SettingsInForce


def show_settings(
    held: SettingsInForce, language: Language, out: Console
) -> None:
    """Show which settings are not the method's own, and what on the tab cannot be understood."""
    differences = held.differs()
    if differences:
        show_changes(differences, language, out)
    else:
        out.print(escape(language.text("Every setting is the method's own.")))
    for mistake in mistakes_json(held):
        place = mistake["tab"]
        if mistake["cell"]:
            place += f", {mistake['cell']}"
        out.print(
            f"[yellow]{escape(place)}: {escape(mistake['message'])}[/yellow]"
        )


def show_changes(
    changes: Sequence[Change], language: Language, out: Console
) -> None:
    """Show differences: where, of what, what it was, what it is."""
    if not changes:
        return
    text = language.text
    table = table_of(
        text("Where"),
        text("What"),
        text("Setting"),
        text("Before"),
        text("Now"),
    )
    for change in changes:
        before = change.before or "—"
        after = change.after or "—"
        cells = (change.block, change.name, change.setting, before, after)
        table.add_row(*map(escape, cells))
    out.print(table)


def mistakes_json(held: SettingsInForce) -> list[dict[str, Any]]:
    """Return what on the tab cannot be understood, and which of its blocks are gone.

    `cell` is the one beside the entry, in which the tab explains it; row 0 is the whole tab.
    """
    text = held.language.text
    title = held.grid.title if held.grid else held.policy.words.tabs["settings"]
    mistakes = []
    for remark in held.reading.remarks:
        # A suggestion that waits for an answer is no mistake.
        if not remark.asked:
            row = remark.row + 1
            cell = f"{get_column_letter(remark.column + 1)}{row}"
            mistakes.append(
                {"tab": title, "row": row, "cell": cell, "message": remark.text}
            )
    # Where the whole tab is gone, its blocks are not told one by one.
    messages = []
    if held.grid:
        for key in held.reading.gone:
            block = text(BLOCK[key].title)
            messages.append(
                text(
                    "“{block}” is gone from this tab; what stood there last still holds.",
                    block=block,
                )
            )
    elif held.reading.gone:
        messages.append(
            text(
                "The tab “{tab}” is gone; what it said last still holds.",
                tab=title,
            )
        )
    of_whole_tab = [
        {"tab": title, "row": 0, "cell": "", "message": text}
        for text in messages
    ]
    return [*mistakes, *of_whole_tab]
