"""The Settings tab described: its blocks, their columns, and what kind of setting each cell is."""

from typing import NamedTuple

from sheetsync.i18n import marked
from sheetsync.method.settings_tab.cell_types import Kind
from sheetsync.method.settings_tab.number_types import Day, Flag, Money, Share, Whole
from sheetsync.method.settings_tab.text_types import Email, Text
from sheetsync.method.settings_tab.word_types import Choice, OneOf, SomeOf
from sheetsync.method.terms import MIXED

DAYS = Whole(1, 3660)
REMARK, CODE = "remark", "code"
"""Keys of two further columns: what the program says of a line, and the code by which it knows it."""
SCALARS = "rules"
"""The block of single numbers and switches, a line each."""


class Column(NamedTuple):
    """A column of a block. `width` in pixels; `needed`: a line without it does not count."""

    key: str
    heading: str
    kind: Kind
    width: int
    needed: bool = False


class Block(NamedTuple):
    """A block of the tab. `tone`: its colour; `coded`: its lines bear a code, so that their words can be changed.

    `merged`: lines of one name are one entry.
    """

    key: str
    title: str
    help: str
    columns: tuple[Column, ...]
    tone: str
    coded: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """All columns by key, from the left: the remark is the last that people see, the code stands hidden beside it."""
        return (*(column.key for column in self.columns), REMARK, *([CODE] if self.coded else []))

    @property
    def column(self) -> dict[str, Column]:
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
    OneOf(kind) for kind in ("states", "labels", "reasons", "sections", "managers")
)
_MAYBE = Flag(open=True)
_RULE = (
    Column("name", marked("Rule"), Text(), 250, needed=True),
    Column("section", marked("If it stands in"), SomeOf(OneOf("sections", ANYWHERE)), 210),
    Column("state", marked("If its state is"), SomeOf(STATES), 440),
    Column("label", marked("If its label is"), SomeOf(LABELS), 150),
    Column("reached", marked("If it reached"), SomeOf(STATES), 150),
    Column("chosen", marked("The manager has chosen where to"), _MAYBE, 105),
    Column("has_reason", marked("A reason is given"), _MAYBE, 80),
    Column("has_amount", marked("An amount is given"), _MAYBE, 80),
    Column("assigned", marked("It has a manager"), _MAYBE, 80),
    Column("to", marked("Where to"), OneOf("sections", TO), 210, needed=True),
    Column("set_state", marked("Its state becomes"), STATES, 160),
    Column("set_reason", marked("Its reason becomes"), REASONS, 140),
)

BLOCKS = (
    Block(
        "managers",
        marked("Managers"),
        marked(
            "One manager a line; the names are offered on every tab. A second leave: one more line with the same name. No passwords here: this tab is read by all."
        ),
        (
            Column("name", marked("Manager"), Text(named=True), 190, needed=True),
            Column("email", marked("E-mail"), Email(), 170),
            Column("address", marked("Messenger"), Text(), 130),
            Column("cap", marked("Cap of their own"), Whole(0, 100_000), 75),
            Column("ramp_cap", marked("Cap while new"), Whole(0, 100_000), 75),
            Column("ramp_until", marked("New until"), Day(), 90),
            Column("leave_from", marked("On leave from"), Day(), 90),
            Column("leave_to", marked("On leave till"), Day(), 90),
            Column("substitute", marked("Substitute"), MANAGERS, 150),
        ),
        "blue",
    ),
    Block(
        SCALARS,
        marked("Rules"),
        marked(
            "Numbers and switches of the method. Change the value; the rest explains itself, and nobody else needs to be asked."
        ),
        (
            Column("name", marked("Rule"), Text(), 400, needed=True),
            Column("value", marked("Value"), Text(), 150),
        ),
        "green",
    ),
    Block(
        "sections",
        marked("Sections"),
        marked(
            "The tabs of the method by name. Archives say after how many days a company is called again."
        ),
        (
            Column("name", marked("Section"), Text(named=True), 230, needed=True),
            Column("return_days", marked("Call again after, days"), DAYS, 90),
        ),
        "grey",
        coded=True,
    ),
    Block(
        "labels",
        marked("Labels"),
        marked(
            "How large a client is, the largest first: how long work may take, and from what amount on it is of this size."
        ),
        (
            Column("name", marked("Label"), Text(named=True), 180, needed=True),
            Column("deadline_days", marked("Days in work"), DAYS, 90, needed=True),
            Column("at_least", marked("From what amount"), Money(), 130),
        ),
        "grey",
        coded=True,
    ),
    Block(
        "categories",
        marked("Categories"),
        marked("Lines of business. Add your own below."),
        (Column("name", marked("Category"), Text(named=True), 180, needed=True),),
        "grey",
        coded=True,
    ),
    Block(
        "reasons",
        marked("Reasons of refusal"),
        marked("Why a client refuses, and the section to which this sends it."),
        (
            Column("name", marked("Reason"), Text(named=True), 190, needed=True),
            Column("section", marked("Where to"), SECTIONS, 230, needed=True),
        ),
        "grey",
        coded=True,
    ),
    Block(
        "states",
        marked("States"),
        marked(
            "The steps of the funnel in their order. What a state asks for is reported where it is empty; a step that may not follow is reported too. Several words: separated by commas."
        ),
        (
            Column("name", marked("State"), Text(named=True), 180, needed=True),
            Column("in_work", marked("In work"), Flag(), 65),
            Column("counts_to_cap", marked("Counts to the cap"), Flag(), 75),
            Column("clocked", marked("Time runs"), Flag(), 65),
            Column("stay_days", marked("Longest stay, days"), DAYS, 80),
            Column("probability", marked("Probability of a sale"), Share(), 95),
            Column("requires", marked("What must be filled in"), SomeOf(OneOf("columns")), 620),
            Column("next", marked("What may follow"), SomeOf(STATES), 330),
        ),
        "grey",
        coded=True,
    ),
    Block(
        "on_expiry",
        marked("When time is up"),
        marked(
            "Where a company goes whose time is up: the first line that fits. An empty cell asks for nothing."
        ),
        _RULE,
        "amber",
        coded=True,
    ),
    Block(
        "by_state",
        marked("By state"),
        marked(
            "Where a state set by hand sends a company: the first line that fits; none: it stays. An empty cell asks for nothing."
        ),
        _RULE,
        "amber",
        coded=True,
    ),
    Block(
        "days",
        marked("Calendar"),
        marked(
            "Days off of your own, and days off that are worked. Counts where working days are counted."
        ),
        (
            Column("day", marked("Day"), Day(), 95, needed=True),
            Column(
                "kind",
                marked("Worked or off"),
                Choice({"off": marked("day off"), "worked": marked("working day")}),
                120,
                needed=True,
            ),
        ),
        "green",
    ),
    Block(
        "plan",
        marked("Plan"),
        marked("What is planned for a month: by a manager, or by all where no name stands."),
        (
            Column("month", marked("Month"), Day(month=True), 110, needed=True),
            Column("manager", marked("Manager"), MANAGERS, 160),
            Column("amount", marked("Amount"), Money(), 110),
            Column("deals", marked("Deals"), Whole(0, 100_000), 70),
            Column("taken", marked("Taken into work"), Whole(0, 100_000), 80),
        ),
        "blue",
    ),
    Block(
        "tabs",
        marked("Tabs"),
        marked("Which tab is which section. “{mixed}”: the state of each row decides."),
        (
            Column("tab", marked("Tab"), Text(), 220),
            Column("section", marked("Section"), Text(), 220),
        ),
        "grey",
    ),
    Block(
        "columns",
        marked("Columns"),
        marked(
            "What your columns hold. An empty tab: the same in all. Two fields in one cell: separated by a comma."
        ),
        (
            Column("tab", marked("Tab"), Text(), 160),
            Column("heading", marked("Heading"), Text(), 200),
            Column("field", marked("Field"), Text(), 200),
        ),
        "grey",
    ),
    Block(
        "words",
        marked("Words"),
        marked("What your words mean. The first word of a meaning is the one that is written."),
        (
            Column("kind", marked("Of what"), Text(), 120),
            Column("word", marked("Word"), Text(), 200),
            Column("meaning", marked("Meaning"), Text(), 200),
        ),
        "grey",
    ),
)
BLOCK = {block.key: block for block in BLOCKS}
DICTIONARIES = ("sections", "labels", "categories", "reasons", "states")
RULES = ("on_expiry", "by_state")
OWN = ("tabs", "columns", "words")
"""What a team's own names mean: read by mapping.py, as it stands."""
