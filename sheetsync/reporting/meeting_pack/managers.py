"""Managers: load against the limit, states, what is overdue and for how long; and what is most urgent with each of them."""

from typing import Any

from sheetsync.reporting.layout.model import named, phone, words_of
from sheetsync.reporting.meeting_pack.context import Writing, seen
from sheetsync.reporting.meeting_pack.model import Block, Cell, Head, Table
from sheetsync.reporting.messages.due_items import DueItem, DueItems, Urgency
from sheetsync.reporting.metrics.current_load import AGE_CODES, AGES
from sheetsync.reporting.metrics.facts import URGENT

SHOWN = 8
"""Companies listed for one manager at most."""
PRESSING = (
    Urgency.LAST_DAY,
    Urgency.LATE_STEP,
    Urgency.NEAR_DEADLINE,
    Urgency.CALL,
    Urgency.FAR_DEADLINE,
)


def names_of(w: Writing) -> list[str]:
    """Return the managers and, last, nobody ("") where the working list has rows of nobody's."""
    rows = w.facts.rows
    nobodys = bool((rows["working"] & rows["manager"].isna()).any())
    return [*w.figures.stocks.managers, *([""] if nobodys else [])]


def managers(w: Writing) -> Block:
    """Tell each manager's load against their limit, and their companies by state."""
    text, stocks, names = w.language.text, w.figures.stocks, names_of(w)
    title = text("Managers")
    if not names:
        return Block("managers", title, said=(text("No manager has a company yet."),))
    codes = [s.code for s in w.policy.states if s.counts_to_cap or s.code == "deal_support"]
    one = stocks.figure("load")
    heads = (
        Head(w.heading("manager")),
        w.head(text("Load"), one),
        w.head(text("Limit"), stocks.limit()),
        *(w.head(named("states", code, w.policy)) for code in codes),
        w.head(text("In work, amount"), stocks.open_amount()),
    )
    working = w.facts.rows[w.facts.rows["working"]]
    found = working.groupby([working["manager"].fillna(""), "state"]).size().to_dict()
    rows = tuple(
        _manager(w, name, [int(found.get((name, code), 0)) for code in codes]) for name in names
    )
    whole_states = working["state"].value_counts()
    sums = (w.count(int(whole_states.get(code, 0))) for code in codes)
    whole = (
        Cell(text("Total")),
        w.cell(one),
        w.cell(stocks.limit()),
        *sums,
        w.cell(stocks.open_amount()),
    )
    return Block(
        "managers",
        title,
        text("load against the limit, and the working list by state"),
        (Table(title, heads, rows, whole),),
    )


def _manager(w: Writing, name: str, counts: list[int]) -> tuple[Cell, ...]:
    stocks = w.figures.stocks
    load, limit = stocks.numbers(name)["load"], w.policy.limit(name, w.facts.today) if name else 0
    over = bool(name) and load > limit
    share = min(load / limit, 1.0) if limit else None
    return (
        _named(w, name),
        w.count(load, "red" if over else "")._replace(share=share),
        Cell(w.number(limit) if name else "—", "grey"),
        *map(w.count, counts),
        w.cell(stocks.open_amount(name)),
    )


def _named(w: Writing, name: str) -> Cell:
    absence = w.facts.away.get(name)
    leave = (
        w.language.text("on leave until {date}", date=w.language.day(absence.until))
        if absence
        else ""
    )
    return w.manager(name)._replace(small=leave)


def overdue(w: Writing) -> Block:
    """Tell what is overdue by manager and age, and what else waits: deadlines, calls, rows without a step."""
    text, stocks = w.language.text, w.figures.stocks
    title = text("Overdue by manager and age")
    near = w.facts.rows.loc[w.facts.rows["near"], "manager"].fillna("").value_counts()
    numbers = {
        name: {**stocks.numbers(name), "near": int(near.get(name, 0))} for name in names_of(w)
    }
    busy = sorted(
        (name for name, held in numbers.items() if any(held[key] for key in _KEYS)),
        key=lambda name: (-numbers[name]["overdue"], -numbers[name]["near"], name),
    )
    if not busy:
        return Block("overdue", title, said=(text("Nothing is overdue."),))
    ages = (text("{days} days", days=_between(w, least, most)) for least, most in AGES)
    heads = (
        Head(w.heading("manager")),
        w.head(text("Overdue"), stocks.figure("overdue")),
        *(w.head(age) for age in ages),
        w.head(text("Deadline ≤ {n} days", n=w.facts.near_days)),
        w.head(text("Calls due"), stocks.figure("calls")),
        w.head(text("No step"), stocks.figure("no_step")),
    )
    most = max(held["overdue"] for held in numbers.values()) or 1
    rows = tuple(_late(w, _named(w, name), numbers[name], most) for name in busy)
    whole = {key: sum(held[key] for held in numbers.values()) for key in _KEYS}
    total = _late(w, Cell(text("Total")), whole, 0)
    return Block(
        "overdue",
        title,
        text("steps that were to be done before today"),
        (Table(title, heads, rows, total),),
    )


_KEYS = ("overdue", *AGE_CODES, "near", "calls", "no_step")


def _late(w: Writing, name: Cell, held: dict[str, int], most: int) -> tuple[Cell, ...]:
    looks = {"overdue": "red", "near": "amber"}
    cells = [w.count(held[key], looks.get(key, "")) for key in _KEYS]
    first = cells[0]._replace(share=held["overdue"] / most if most else None)
    return (name, first, *cells[1:])


def _between(w: Writing, least: int, most: int | None) -> str:
    return w.language.text("more than {n}", n=least - 1) if most is None else f"{least}–{most}"


def urgent(w: Writing) -> Block:
    """List with each manager the companies that cannot wait, the most urgent first; and who has none."""
    text, rows = w.language.text, w.facts.rows
    title, note = (
        text("What cannot wait"),
        text("overdue steps, deadlines that are near, calls due"),
    )
    held = rows[rows[[*URGENT]].any(axis=1)]
    whose = held["manager"].map(words_of, na_action=None).to_dict()
    by_name: dict[str, list[DueItem]] = {}
    for one in DueItems(w.facts, w.language).of_rows(held):
        if one.urgency in PRESSING:
            by_name.setdefault(whose[one.row["index"]], []).append(one)
    records = held[["company", "section", "row", "state", "phone"]].to_dict("index")
    tables = tuple(
        _of(w, name, by_name[name], records)
        for name in sorted(by_name, key=lambda name: (not name, -len(by_name[name]), name))
    )
    calm = [seen(name) for name in w.figures.stocks.managers if name not in by_name]
    said = [text("Nothing is urgent with: {names}.", names=", ".join(calm))] if calm else []
    if not tables:
        said = [text("Nothing is urgent with anybody.")]
    return Block("urgent", title, note, tables, tuple(said))


def _of(w: Writing, name: str, matters: list[DueItem], records: dict[int, dict[str, Any]]) -> Table:
    """List one manager's companies, each with all that is due with it."""
    by_row: dict[int, list[DueItem]] = {}
    for one in sorted(matters, key=lambda one: (one.urgency, one.order, one.row_id)):
        by_row.setdefault(int(one.row["index"]), []).append(one)
    text, numbers = w.language.text, w.figures.stocks.numbers(name)
    heads = (
        Head(w.heading("company")),
        Head(w.heading("state")),
        Head(text("What is due")),
        Head(w.heading("phone"), whole=True),
    )
    rows = tuple(_due(w, records[at], told) for at, told in [*by_row.items()][:SHOWN])
    left = len(by_row) - SHOWN
    more = (
        w.language.plural("and {n} more company", "and {n} more companies", left)
        if left > 0
        else ""
    )
    said = (
        text("overdue {n}", n=w.number(numbers["overdue"])),
        text("calls due {n}", n=w.number(numbers["calls"])),
    )
    absence = w.facts.away.get(name)
    away = _leave(w, absence.until, absence.substitute) if absence else ""
    intro = " · ".join(part for part in (*said, away) if part)
    return Table(
        seen(name) or text("— no manager —"), heads, rows, rest=more, shown=True, intro=intro
    )


def _leave(w: Writing, until: Any, substitute: str | None) -> str:
    day = w.language.day(until)
    if substitute is None:
        return w.language.text("on leave until {date}", date=day)
    return w.language.text(
        "on leave until {date}, {name} stands in", date=day, name=seen(substitute)
    )


def _due(w: Writing, row: dict[str, Any], told: list[DueItem]) -> tuple[Cell, ...]:
    tone = (
        "red"
        if told[0].urgency in (Urgency.LAST_DAY, Urgency.LATE_STEP)
        else "amber"
        if told[0].urgency == Urgency.NEAR_DEADLINE
        else ""
    )
    said = [one.say() for one in told]
    number = words_of(row["phone"])
    state = named("states", row["state"], w.policy)
    due = Cell(_begun(said[0]), tone, small="; ".join(said[1:]))  # type: ignore[arg-type]  # one of the tones
    return w.company(row), Cell(state), due, Cell(seen(phone(number)) if number else "")


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
