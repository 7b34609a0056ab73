"""The Settings tab described: its blocks, their columns, and what kind of setting each cell is."""

from typing import NamedTuple

from sheetsync.i18n import marked
from sheetsync.method.settings_tab.cell_types import Kind
from sheetsync.method.settings_tab.number_types import (
    Day,
    Flag,
    Money,
    SharePercent,
    Whole,
)
from sheetsync.method.settings_tab.text_types import Email, Text
from sheetsync.method.settings_tab.word_types import OneOf, SomeOf, WordChoice
from sheetsync.method.terms import MIXED

DAYS = Whole(1, 3660)
REMARK, CODE = "remark", "code"
"""Keys of two further columns: what the program says of a line, and the code it is known by."""
SCALARS = "rules"
"""The block of single numbers and switches, a line each."""


class BlockColumn(NamedTuple):
    """A column of a block. `width` in pixels; `needed`: a line without it does not count."""

    key: str
    heading: str
    kind: Kind
    width: int
    needed: bool = False


class SettingsBlock(NamedTuple):
    """A block of the tab, titled, with a sentence of help.

    `tone`: its colour; `coded`: its lines bear a code, so that their words can be changed.
    """

    key: str
    title: str
    help: str
    columns: tuple[BlockColumn, ...]
    tone: str
    coded: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """All columns by key, from the left.

        The remark is the last that people see, the code stands hidden beside it.
        """
        keys = [column.key for column in self.columns]
        keys.append(REMARK)
        if self.coded:
            keys.append(CODE)
        return tuple(keys)

    @property
    def column(self) -> dict[str, BlockColumn]:
        """The columns that people fill, by key."""
        return {column.key: column for column in self.columns}


TO = {
    "stay": marked("stays where it is"),
    "person": marked("a person decides"),
    "reason": marked("where the reason sends it"),
    "chosen": marked("where the manager chose"),
}
"""Special destinations of a rule."""
ANYWHERE = {MIXED: marked("Several sections")}
STATES, LABELS, REASONS, SECTIONS, MANAGERS = (
    OneOf(kind)
    for kind in ("states", "labels", "reasons", "sections", "managers")
)
# An empty cell of a condition asks for nothing, where another flag would read it as a no.
_MAYBE = Flag(open=True)
_RULE = (
    BlockColumn("name", marked("Rule"), Text(), 250, needed=True),
    BlockColumn(
        "section",
        marked("If it stands in"),
        SomeOf(OneOf("sections", ANYWHERE)),
        210,
    ),
    BlockColumn("state", marked("If its state is"), SomeOf(STATES), 440),
    BlockColumn("label", marked("If its label is"), SomeOf(LABELS), 150),
    BlockColumn("reached", marked("If it reached"), SomeOf(STATES), 150),
    BlockColumn(
        "chosen", marked("The manager has chosen where to"), _MAYBE, 105
    ),
    BlockColumn("has_reason", marked("A reason is given"), _MAYBE, 80),
    BlockColumn("has_amount", marked("An amount is given"), _MAYBE, 80),
    BlockColumn("assigned", marked("It has a manager"), _MAYBE, 80),
    BlockColumn(
        "to", marked("Where to"), OneOf("sections", TO), 210, needed=True
    ),
    BlockColumn("set_state", marked("Its state becomes"), STATES, 160),
    BlockColumn("set_reason", marked("Its reason becomes"), REASONS, 140),
)

BLOCKS = (
    SettingsBlock(
        "managers",
        marked("Managers"),
        marked(
            "One manager a line; the names are offered on every tab. A second leave: one more "
            "line with the same name. No passwords here: this tab is read by all."
        ),
        (
            BlockColumn(
                "name", marked("Manager"), Text(named=True), 190, needed=True
            ),
            BlockColumn("email", marked("E-mail"), Email(), 170),
            BlockColumn("address", marked("Messenger"), Text(), 130),
            BlockColumn(
                "cap", marked("Cap of their own"), Whole(0, 100_000), 75
            ),
            BlockColumn(
                "ramp_cap", marked("Cap while new"), Whole(0, 100_000), 75
            ),
            BlockColumn("ramp_until", marked("New until"), Day(), 90),
            BlockColumn("leave_from", marked("On leave from"), Day(), 90),
            BlockColumn("leave_to", marked("On leave till"), Day(), 90),
            BlockColumn("substitute", marked("Substitute"), MANAGERS, 150),
        ),
        "blue",
    ),
    SettingsBlock(
        SCALARS,
        marked("Rules"),
        marked(
            "Numbers and switches of the method. Change the value; the rest explains itself, "
            "and nobody else needs to be asked."
        ),
        (
            BlockColumn("name", marked("Rule"), Text(), 400, needed=True),
            # Each line has a kind of its own (`scalars`).
            BlockColumn("value", marked("Value"), Text(), 150),
        ),
        "green",
    ),
    SettingsBlock(
        "sections",
        marked("Sections"),
        marked(
            "The tabs of the method by name. Archives say after how many days a company is "
            "called again."
        ),
        (
            BlockColumn(
                "name", marked("Section"), Text(named=True), 230, needed=True
            ),
            BlockColumn(
                "return_days", marked("Call again after, days"), DAYS, 90
            ),
        ),
        "grey",
        coded=True,
    ),
    SettingsBlock(
        "labels",
        marked("Labels"),
        marked(
            "How large a client is, the largest first: how long work may take, and from what "
            "amount on it is of this size."
        ),
        (
            BlockColumn(
                "name", marked("Label"), Text(named=True), 180, needed=True
            ),
            BlockColumn(
                "deadline_days", marked("Days in work"), DAYS, 90, needed=True
            ),
            BlockColumn("at_least", marked("From what amount"), Money(), 130),
        ),
        "grey",
        coded=True,
    ),
    SettingsBlock(
        "categories",
        marked("Categories"),
        marked("Lines of business. Add your own below."),
        (
            BlockColumn(
                "name", marked("Category"), Text(named=True), 180, needed=True
            ),
        ),
        "grey",
        coded=True,
    ),
    SettingsBlock(
        "reasons",
        marked("Reasons of refusal"),
        marked("Why a client refuses, and the section to which this sends it."),
        (
            BlockColumn(
                "name", marked("Reason"), Text(named=True), 190, needed=True
            ),
            BlockColumn(
                "section", marked("Where to"), SECTIONS, 230, needed=True
            ),
        ),
        "grey",
        coded=True,
    ),
    SettingsBlock(
        "states",
        marked("States"),
        marked(
            "The steps of the funnel in their order. What a state asks for is reported where it "
            "is empty; a step that may not follow is reported too. Several words: separated by "
            "commas."
        ),
        (
            BlockColumn(
                "name", marked("State"), Text(named=True), 180, needed=True
            ),
            BlockColumn("in_work", marked("In work"), Flag(), 65),
            BlockColumn(
                "counts_to_cap", marked("Counts to the cap"), Flag(), 75
            ),
            BlockColumn("clocked", marked("Time runs"), Flag(), 65),
            BlockColumn("stay_days", marked("Longest stay, days"), DAYS, 80),
            BlockColumn(
                "probability",
                marked("Probability of a sale"),
                SharePercent(),
                95,
            ),
            BlockColumn(
                "requires",
                marked("What must be filled in"),
                SomeOf(OneOf("columns")),
                620,
            ),
            BlockColumn("next", marked("What may follow"), SomeOf(STATES), 330),
        ),
        "grey",
        coded=True,
    ),
    SettingsBlock(
        "on_expiry",
        marked("When time is up"),
        marked(
            "Where a company goes whose time is up: the first line that fits. An empty cell "
            "asks for nothing."
        ),
        _RULE,
        "amber",
        coded=True,
    ),
    SettingsBlock(
        "by_state",
        marked("By state"),
        marked(
            "Where a state set by hand sends a company: the first line that fits; none: it "
            "stays. An empty cell asks for nothing."
        ),
        _RULE,
        "amber",
        coded=True,
    ),
    SettingsBlock(
        "days",
        marked("Calendar"),
        marked(
            "Days off of your own, and days off that are worked. Counts where working days are "
            "counted."
        ),
        (
            BlockColumn("day", marked("Day"), Day(), 95, needed=True),
            BlockColumn(
                "kind",
                marked("Worked or off"),
                WordChoice(
                    {"off": marked("day off"), "worked": marked("working day")}
                ),
                120,
                needed=True,
            ),
        ),
        "green",
    ),
    SettingsBlock(
        "plan",
        marked("Plan"),
        marked(
            "What is planned for a month: by a manager, or by all where no name stands."
        ),
        (
            BlockColumn(
                "month", marked("Month"), Day(month=True), 110, needed=True
            ),
            BlockColumn("manager", marked("Manager"), MANAGERS, 160),
            BlockColumn("amount", marked("Amount"), Money(), 110),
            BlockColumn("deals", marked("Deals"), Whole(0, 100_000), 70),
            BlockColumn(
                "taken", marked("Taken into work"), Whole(0, 100_000), 80
            ),
        ),
        "blue",
    ),
    SettingsBlock(
        "tabs",
        marked("Tabs"),
        marked(
            "Which tab is which section. “{mixed}”: the state of each row decides."
        ),
        (
            # Texts: what is no section, field or word is explained by `mapping`, beside its line.
            BlockColumn("tab", marked("Tab"), Text(), 220),
            BlockColumn("section", marked("Section"), Text(), 220),
        ),
        "grey",
    ),
    SettingsBlock(
        "columns",
        marked("Columns"),
        marked(
            "What your columns hold. An empty tab: the same in all. Two fields in one cell: "
            "separated by a comma."
        ),
        (
            BlockColumn("tab", marked("Tab"), Text(), 160),
            BlockColumn("heading", marked("Heading"), Text(), 200),
            BlockColumn("field", marked("Field"), Text(), 200),
        ),
        "grey",
    ),
    SettingsBlock(
        "words",
        marked("Words"),
        marked(
            "What your words mean. The first word of a meaning is the one that is written."
        ),
        (
            BlockColumn("kind", marked("Of what"), Text(), 120),
            BlockColumn("word", marked("Word"), Text(), 200),
            BlockColumn("meaning", marked("Meaning"), Text(), 200),
        ),
        "grey",
    ),
)
BLOCK = {block.key: block for block in BLOCKS}
DICTIONARIES = ("sections", "labels", "categories", "reasons", "states")
RULES = ("on_expiry", "by_state")
OWN = ("tabs", "columns", "words")
"""What a team's own names mean: read by mapping.py, as it stands."""
