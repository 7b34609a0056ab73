"""What an adopted base lacks: tabs for the missing sections, dropdowns and colours where the team has set none.

The new tabs have the columns of the team's largest one, in its order and under its headings. Nothing that is there is changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sheetsync.method.policy import Policy
from sheetsync.reporting.layout.theme import CELL_STYLES
from sheetsync.rules.derived_columns import DERIVED
from sheetsync.sheets.requests.cells import (
    WHOLE,
    Canvas,
    Request,
    color,
    format_of,
    grid_range,
    typed,
)
from sheetsync.sheets.requests.column_places import Columns
from sheetsync.sheets.requests.own_tab_requests import add_sheet, new_sheet_id, widths
from sheetsync.sheets.requests.section_format import (
    choices,
    dropdown,
    late,
    number_format,
    own_columns,
)
from sheetsync.sheets.requests.settings_positions import ranges_of
from sheetsync.workbook.layout import Seat, TabLayout
from sheetsync.workbook.snapshot import Snapshot, Tab, own_titles

ROWS = 200
SHADES = {
    "working": "#2563EB",
    "call_base": "#6B7280",
    "rework": "#B45309",
    "strategic": "#7C3AED",
    "hard_refusal": "#B91C1C",
    "clients": "#15803D",
}


@dataclass(frozen=True)
class Rules:
    """Columns (0-based, by sheetId) that have rules of the team's: dropdowns or checkboxes, and colours."""

    validated: Mapping[int, frozenset[int]] = field(default_factory=dict)
    coloured: Mapping[int, frozenset[int]] = field(default_factory=dict)


class MissingParts:
    """The requests that give a base what it lacks."""

    def __init__(self, snapshot: Snapshot, policy: Policy) -> None:
        self.snapshot, self.policy = snapshot, policy
        self.added: list[TabLayout] = []
        self._canvas = Canvas()
        settings = snapshot.book.titled(*own_titles(policy, "settings"))
        self._lists = ranges_of(settings)

    @property
    def model(self) -> Tab:
        """The tab that the new ones are made like: the one with most rows."""
        return max(self.snapshot.tabs, key=lambda tab: len(tab.frame))

    def requests(self, rules: Rules) -> list[Request]:
        """Return everything as one batch. `rules`: what the team has set, which is left as it is."""
        dropdowns = [request for tab in self.snapshot.tabs for request in self._rules(tab, rules)]
        tabs, dresses = list[Request](), list[Request]()
        taken: set[int] = set()
        for section in self.policy.codes("sections"):
            if section not in self.snapshot.tab:
                sheet_id = new_sheet_id(section, self.snapshot.book, taken)
                tabs.append(self._section(section, sheet_id))
                dresses += self._like_model(section, sheet_id)
        return [*tabs, *self._canvas.requests(), *dresses, *dropdowns]

    def _rules(self, tab: Tab, rules: Rules) -> Iterator[Request]:
        """Return dropdowns and colours for the columns of a tab that have none."""
        sheet_id, first = tab.grid.sheet_id, tab.header + 1
        validated = rules.validated.get(sheet_id, frozenset())
        coloured = rules.coloured.get(sheet_id, frozenset())
        for name, at in tab.fields.items():
            condition = choices(self.policy.column[name], self.policy, self._lists)
            if condition and at not in validated:
                yield dropdown(sheet_id, first, at, condition)
        step = tab.fields.get("next_on")
        if step is not None and step not in coloured:
            yield late(sheet_id, first, step)

    def _title(self, section: str) -> str:
        """Return a free title for a section's tab."""
        name, number = self.policy.words.name("sections", section), 1
        title = name
        while self.snapshot.book.titled(title) is not None:
            number += 1
            title = f"{name} {number}"
        return title

    def _section(self, section: str, sheet_id: int) -> Request:
        title, model = self._title(section), self.model
        width = len(model.headings) + len(DERIVED)
        grid = {"frozenRowCount": 1, "frozenColumnCount": 0}
        return add_sheet(
            sheet_id,
            title,
            (ROWS, width),
            grid=grid,
            tabColorStyle=color(SHADES.get(section, "#6B7280")),
        )

    def _like_model(self, section: str, sheet_id: int) -> list[Request]:
        """Give a new tab the headings, widths, formats and rules of the model's team columns."""
        model, made = self.model, list[Request]()
        own = {
            at for name, at in model.fields.items() if self.policy.column[name].owner == "daemon"
        }
        row = (model.header, model.header + 1)
        area = (0, len(model.headings))
        source, target = (
            grid_range(model.grid.sheet_id, row, area),
            grid_range(sheet_id, (0, 1), area),
        )
        made.append(
            {"copyPaste": {"source": source, "destination": target, "pasteType": "PASTE_FORMAT"}}
        )
        for at, heading in enumerate(model.headings):
            if heading and at not in own:
                self._canvas.put(sheet_id, 0, at, typed(heading))
        for name, at in model.fields.items():
            made += self._column(sheet_id, name, at) if at not in own else []
        ours, requests = self._own(sheet_id)
        known = {name: Seat(at, model.headings[at]) for name, at in model.fields.items()}
        self.added.append(TabLayout(section, sheet_id, self._title(section), {**known, **ours}))
        return [*made, *requests]

    def _own(self, sheet_id: int) -> tuple[dict[str, Seat], list[Request]]:
        """Give a new tab the program's own columns: where the model has them, or at its right."""
        model, made = self.model, list[Request]()
        columns, right = Columns(model, self.policy), len(model.headings)
        places, seats = dict[str, int](), dict[str, Seat]()
        for name in DERIVED:
            known = name in model.fields
            places[name] = model.fields[name] if known else right
            right += not known
            heading = model.headings[model.fields[name]] if known else columns.free_heading(name)
            cell = {**typed(heading), "userEnteredFormat": format_of(CELL_STYLES["head"])}
            self._canvas.put(sheet_id, 0, places[name], cell, WHOLE)
            made += widths(sheet_id, [self.policy.column[name].width], places[name])
            seats[name] = Seat(places[name], heading)
        return seats, [*made, *own_columns(sheet_id, 1, places, self.policy)]

    def _column(self, sheet_id: int, name: str, at: int) -> list[Request]:
        column = self.policy.column[name]
        made = widths(sheet_id, [column.width], at)
        if pattern := number_format(column, self.policy):
            area = grid_range(sheet_id, (1, ROWS), (at, at + 1))
            cell = {"userEnteredFormat": {"numberFormat": pattern}}
            made.append(
                {
                    "repeatCell": {
                        "range": area,
                        "cell": cell,
                        "fields": "userEnteredFormat.numberFormat",
                    }
                }
            )
        if condition := choices(column, self.policy, self._lists):
            made.append(dropdown(sheet_id, 1, at, condition))
        if name == "next_on":
            made.append(late(sheet_id, 1, at))
        return made
