"""What an adopted base lacks: tabs for missing sections, dropdowns and colours where none are set.

The new tabs have the columns of the team's largest one, in its order and under its headings.
Nothing that is there is changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.reporting.layout.model import TITLE_LIMIT, legal_title
from sheetsync.reporting.layout.theme import (
    AMBER,
    BLUE,
    CELL_STYLES,
    GREEN,
    GREY,
    RED,
)
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import (
    WHOLE,
    Request,
    color,
    format_of,
    grid_range,
    paste,
    styled,
    typed,
)
from sheetsync.sheets.requests.column_places import Columns
from sheetsync.sheets.requests.section_format import (
    choices,
    column_dropdown,
    number_format,
    own_columns,
    past_days_in_red,
)
from sheetsync.sheets.requests.settings_positions import ranges_of
from sheetsync.sheets.requests.tab_requests import (
    add_sheet,
    column_widths,
    hide_column,
    new_sheet_id,
)
from sheetsync.workbook.layout import Seat, TabLayout
from sheetsync.workbook.plan import DERIVED
from sheetsync.workbook.snapshot import Snapshot, Tab, own_titles

ROWS = 200
"""Rows of a new section's tab."""
VIOLET = "#7C3AED"
SHADES: Mapping[str, str] = {
    SectionCode.WORKING: BLUE,
    SectionCode.CALL_BASE: GREY,
    SectionCode.REWORK: AMBER,
    SectionCode.STRATEGIC: VIOLET,
    SectionCode.HARD_REFUSAL: RED,
    SectionCode.CLIENTS: GREEN,
}
"""The colours of the sections' tabs."""


class ColumnLook(NamedTuple):
    """How wide people have made a column, in pixels, and whether they have hidden it."""

    width: int | None = None
    is_hidden: bool = False


@dataclass(frozen=True)
class Rules:
    """How the team has set up its columns (0-based), by sheetId.

    `validated`: those with dropdowns or checkboxes, and the first row (0-based) that has one;
    `coloured`: the same of conditional formats; `looks`: how each is seen.
    """

    validated: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    coloured: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    looks: Mapping[int, Mapping[int, ColumnLook]] = field(default_factory=dict)


NO_ROWS: Mapping[int, int] = MappingProxyType({})
"""The rows of a tab that has no rules."""


class MissingParts:
    """The requests that give a base what it lacks. `added`: the tabs that they add."""

    def __init__(self, snapshot: Snapshot, policy: Policy) -> None:
        self.snapshot = snapshot
        self.policy = policy
        self.added: list[TabLayout] = []
        self._canvas = Canvas()
        settings = snapshot.book.titled(*own_titles(policy, "settings"))
        self._lists = ranges_of(settings)

    @property
    def model(self) -> Tab:
        """The tab that the new ones are made like: the one with most rows."""
        return max(self.snapshot.tabs, key=lambda tab: len(tab.frame))

    def requests(self, rules: Rules) -> list[Request]:
        """Return everything as one batch. `rules`: what the team has set, which is left so."""
        tabs: list[Request] = []
        formats: list[Request] = []
        taken: set[int] = set()
        for section in self.policy.codes("sections"):
            if section not in self.snapshot.tab:
                sheet_id = new_sheet_id(section, self.snapshot.book, taken)
                tabs.append(self._section_tab(section, sheet_id))
                formats += self._like_model(section, sheet_id, rules)
        for tab in self.snapshot.tabs:
            formats += self._missing_rules(tab, rules)
        return [*tabs, *self._canvas.requests(), *formats]

    def _missing_rules(self, tab: Tab, rules: Rules) -> Iterator[Request]:
        """Go through dropdowns and colours for the columns of a tab that have none."""
        # A rule that is there is never set anew, were it the same: chip colours that people gave
        # its words would go (API fact).
        sheet_id = tab.grid.sheet_id
        first = tab.header + 1
        validated = rules.validated.get(sheet_id, NO_ROWS)
        coloured = rules.coloured.get(sheet_id, NO_ROWS)
        for name, column in tab.fields.items():
            condition = choices(
                self.policy.column[name], self.policy, self._lists
            )
            if condition and column not in validated:
                yield column_dropdown(sheet_id, first, column, condition)
        next_step = tab.fields.get("next_on")
        if next_step is not None and next_step not in coloured:
            yield past_days_in_red(sheet_id, first, next_step)

    def _title(self, section: str) -> str:
        """Return a free title for a section's tab, such as a file can hold too."""
        name = legal_title(self.policy.words.name("sections", section))
        title = name
        number = 1
        while self.snapshot.book.titled(title) is not None:
            number += 1
            end = f" {number}"
            title = name[: TITLE_LIMIT - len(end)].rstrip() + end
        return title

    def _section_tab(self, section: str, sheet_id: int) -> Request:
        size = (ROWS, len(self.model.headings) + len(DERIVED))
        frozen = {"frozenRowCount": 1, "frozenColumnCount": 0}
        shade = color(SHADES.get(section, GREY))
        return add_sheet(
            sheet_id, self._title(section), size, frozen, tabColorStyle=shade
        )

    def _like_model(
        self, section: str, sheet_id: int, rules: Rules
    ) -> list[Request]:
        """Give a new tab the headings, widths, formats and rules of the model's team columns."""
        model = self.model
        width = (0, len(model.headings))
        headings = grid_range(
            model.grid.sheet_id, (model.header, model.header + 1), width
        )
        # The copy takes the team's own colours along, whatever the program would have chosen.
        requests = [
            paste(headings, grid_range(sheet_id, (0, 1), width), "PASTE_FORMAT")
        ]
        ours = {
            column
            for name, column in model.fields.items()
            if self._is_daemons(name)
        }
        for column, heading in enumerate(model.headings):
            if heading and column not in ours:
                self._canvas.put(sheet_id, 0, column, typed(heading))
        seats: dict[str, Seat] = {}
        for name, column in model.fields.items():
            seats[name] = Seat(column, model.headings[column])
            if column not in ours:
                requests += self._team_column(sheet_id, name, column, rules)
        for column in range(len(model.headings)):
            if column not in ours:
                requests += self._as_people_set_it(sheet_id, column, rules)
        own_seats = self._own_headings(sheet_id)
        requests += self._own_formats(sheet_id, own_seats)
        layout = TabLayout(
            section, sheet_id, self._title(section), {**seats, **own_seats}
        )
        self.added.append(layout)
        return requests

    def _is_daemons(self, name: str) -> bool:
        return self.policy.column[name].owner == "daemon"

    def _own_headings(self, sheet_id: int) -> dict[str, Seat]:
        """Give a new tab the headings of the program's own columns.

        They stand where the model has them, or at its right.
        """
        # A heading that a column of the team's bears already is never used twice.
        model = self.model
        columns = Columns(self.model, self.policy)
        head = format_of(CELL_STYLES["head"])
        right = len(model.headings)
        seats: dict[str, Seat] = {}
        for name in DERIVED:
            if name in model.fields:
                column = model.fields[name]
                seat = Seat(column, model.headings[column])
            else:
                seat = Seat(right, columns.free_heading(name))
                right += 1
            seats[name] = seat
            heading = styled(seat.heading, head)
            self._canvas.put(sheet_id, 0, seat.column, heading, WHOLE)
        return seats

    def _own_formats(
        self, sheet_id: int, seats: Mapping[str, Seat]
    ) -> list[Request]:
        requests: list[Request] = []
        places: dict[str, int] = {}
        for name, seat in seats.items():
            places[name] = seat.column
            width = self.policy.column[name].width
            requests += column_widths(sheet_id, [width], seat.column)
        return [*requests, *own_columns(sheet_id, 1, places, self.policy)]

    def _as_people_set_it(
        self, sheet_id: int, place: int, rules: Rules
    ) -> Iterator[Request]:
        """Give a column of a new tab what people gave the model's: rules, width, and no sight."""
        model_id = self.model.grid.sheet_id
        # Copied by the service, which moves a rule's own formula to its new place.
        kinds = {
            "PASTE_DATA_VALIDATION": rules.validated,
            "PASTE_CONDITIONAL_FORMATTING": rules.coloured,
        }
        for kind, places in kinds.items():
            row = places.get(model_id, NO_ROWS).get(place)
            if row is not None:
                columns = (place, place + 1)
                source = grid_range(model_id, (row, row + 1), columns)
                target = grid_range(sheet_id, (1, ROWS), columns)
                yield paste(source, target, kind)
        look = rules.looks.get(model_id, {}).get(place, ColumnLook())
        if look.width is not None:
            yield from column_widths(sheet_id, [look.width], place)
        if look.is_hidden:
            yield hide_column(sheet_id, place)

    def _team_column(
        self, sheet_id: int, name: str, place: int, rules: Rules
    ) -> list[Request]:
        """Give a column of a new tab its width, number format, dropdown and colours.

        Dropdown and colours only where people gave the model's column none.
        """
        model_id = self.model.grid.sheet_id
        column = self.policy.column[name]
        requests = column_widths(sheet_id, [column.width], place)
        pattern = number_format(column, self.policy)
        if pattern:
            requests.append(
                {
                    "repeatCell": {
                        "range": grid_range(
                            sheet_id, (1, ROWS), (place, place + 1)
                        ),
                        "cell": {
                            "userEnteredFormat": {"numberFormat": pattern}
                        },
                        "fields": "userEnteredFormat.numberFormat",
                    }
                }
            )
        condition = choices(column, self.policy, self._lists)
        if condition and place not in rules.validated.get(model_id, NO_ROWS):
            requests.append(column_dropdown(sheet_id, 1, place, condition))
        is_coloured = place in rules.coloured.get(model_id, NO_ROWS)
        if name == "next_on" and not is_coloured:
            requests.append(past_days_in_red(sheet_id, 1, place))
        return requests
