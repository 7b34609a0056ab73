"""The figures of the planning meeting in a few lines (METHOD point 10): what stands, this week, the month's plan, the forecast.

What is not known yet is left out, never told as nothing.
"""

from collections.abc import Iterator

from sheetsync.i18n import Language, marked
from sheetsync.reporting.metrics import Figure, Figures
from sheetsync.reporting.metrics.periods import week
from sheetsync.schema import money

WEEKLY = (
    ("taken", marked("taken into work {n}")),
    ("by_deadline", marked("moved by deadline {n}")),
    ("refused", marked("refused {n}")),
    ("sold", marked("sold {n}")),
)
"""What is told of a week, in this order: the code of the figure, and its words."""


def meeting_figures(figures: Figures, language: Language) -> list[str]:
    """Return the department's figures as lines, the same the meeting looks at."""
    told = (
        _stands(figures, language),
        *_week(figures, language),
        *_plan(figures, language),
        _forecast(figures, language),
        _scored(figures, language),
    )
    return [line for line in told if line]


def _stands(figures: Figures, language: Language) -> str:
    text, number, held = language.text, language.number, figures.stocks.numbers()
    limit = figures.stocks.limit().value
    load = text("in work {n} of {max}", n=number(held["load"]), max=number(limit)) if limit else ""
    near = int(figures.facts.rows["near"].sum())
    overdue, stepless = (
        text("overdue {n}", n=number(held["overdue"])),
        text("no next step {n}", n=number(held["no_step"])),
    )
    said = [load, overdue, stepless, text("calls due {n}", n=number(held["calls"]))]
    said.append(
        text("deadline within {days} days {n}", days=figures.facts.near_days, n=number(near))
    )
    return _begun(text("now: {figures}", figures=", ".join(part for part in said if part)))


def _week(figures: Figures, language: Language) -> Iterator[str]:
    """Tell this week since Monday, against as much of the last one."""
    text, period = language.text, week(figures.facts.today)
    flows = figures.flows
    found = [(sentence, flows.figure(code, period)) for code, sentence in WEEKLY]
    said = [
        _with_before(text(sentence, n=_number(figure, language)), figure, language)
        for sentence, figure in found
        if figure.value is not None
    ]
    amount = flows.amount(period)
    if said and amount.value:
        said[-1] += " " + text("for {sum}", sum=money(amount.value, figures.facts.policy, language))
    if said:
        yield _begun(text("this week: {figures}", figures=", ".join(said)))


def _number(figure: Figure, language: Language) -> str:
    return language.number(figure.value or 0)


def _with_before(said: str, figure: Figure, language: Language) -> str:
    """Add what it was a week ago, where that is known and differs."""
    if figure.before is None or figure.before == figure.value:
        return said
    was = language.text("was {n}", n=language.number(figure.before))
    return f"{said} ({was})"


def _plan(figures: Figures, language: Language) -> Iterator[str]:
    """Tell how much of the month's plan is done, and how much of the month has passed."""
    text, policy = language.text, figures.facts.policy
    against = figures.targets.against("amount")
    if against.done is not None and against.plan:
        done, passed = round(against.done * 100), round(against.elapsed * 100)
        yield text(
            "Plan of the month: {done}% of {sum} done, {passed}% of the month has passed",
            done=done,
            sum=money(against.plan, policy, language),
            passed=passed,
        )


def _forecast(figures: Figures, language: Language) -> str:
    value = figures.forecast.total(None).value
    return (
        language.text("Forecast: {sum}", sum=money(value, figures.facts.policy, language))
        if value
        else ""
    )


def _scored(figures: Figures, language: Language) -> str:
    """Tell how much of the revision of actions is scored, and the average."""
    given = [figures.scores.given(share.name) for share in figures.scores.sample.shares.values()]
    drawn, average = sum(m for _, m in given), figures.scores.average().value
    if not drawn:
        return ""
    text, number = language.text, language.number
    said = text(
        "Revision of actions: scored {n} of {m}",
        n=number(sum(n for n, _ in given)),
        m=number(drawn),
    )
    return (
        said
        if average is None
        else f"{said}, " + text("average {score}", score=number(round(average, 1)))
    )


def _begun(line: str) -> str:
    return line[:1].upper() + line[1:]
