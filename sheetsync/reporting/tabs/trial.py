"""The tab of the trial of the model (METHOD point 9): what the rules would do, and its end.

Words and order; what is counted is `metrics.trial`'s, what it comes to `metrics.trial_verdict`'s.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from sheetsync.i18n import Language
from sheetsync.reporting.layout import theme
from sheetsync.reporting.layout.finding_names import KINDS, UNREADABLE
from sheetsync.reporting.layout.lines import (
    Allowance,
    gap,
    head_cells,
    heading_lines,
    more_line,
    sentence,
    subtitle_line,
    title_line,
)
from sheetsync.reporting.layout.model import (
    BLANK,
    ReportCell,
    ReportLine,
    ReportSheet,
    company_name_cell,
    date_cell,
    named,
    note_cell,
    text_cell,
    unique_keys,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.trial import (
    TrialFigures,
    TriedRow,
    trial_figures,
)
from sheetsync.reporting.metrics.trial_verdict import ENOUGH, Verdict
from sheetsync.reporting.tabs.violations import NAMES
from sheetsync.rules.draft.trial import PROLONGED_DAYS, TrialPhase
from sheetsync.rules.routing.rule_text import ruling
from sheetsync.rules.trial.release import (
    Part,
    most_of_a_part,
    parts_of,
    ticked_parts,
)
from sheetsync.workbook.answers import END_TRIAL, PROLONG_TRIAL, TRIAL
from sheetsync.workbook.plan import Move
from sheetsync.workbook.snapshot import own_title

WIDTHS = (250, 160, 200, 90, 560)
"""Company, manager, where to, figure or box, why."""
SHOWN = 2000
"""Companies listed at most; more are let go in parts to come."""
KINDS_SHOWN = 5
"""Kinds of what went wrong most often."""
FROZEN = 2


def trial_sheets(facts: Facts, language: Language) -> tuple[ReportSheet, ...]:
    """Return the tab, once there is or was a trial."""
    figures = trial_figures(facts)
    if figures is None:
        return ()
    book = facts.projection.snapshot.book
    title = own_title(book, facts.policy, TRIAL)
    lines = unique_keys(_TrialTab(figures, language).lines())
    return (ReportSheet(TRIAL, title, WIDTHS, lines, FROZEN, theme.AMBER),)


class _TrialTab:
    """Words the tab."""

    def __init__(self, figures: TrialFigures, language: Language) -> None:
        self.figures = figures
        self.facts = figures.facts
        self.record = figures.record
        self.policy = figures.facts.policy
        self.language = language
        self.text = language.text

    def lines(self) -> Iterator[ReportLine]:
        """Go through the whole tab."""
        yield title_line(self.text("Trial of the model"))
        yield subtitle_line(self._subtitle())
        yield from self._verdict()
        if self.figures.phase is TrialPhase.ENDED:
            yield from self._parts()
        else:
            yield from self._word()
        yield from self._outcome()
        yield from self._rules()
        yield from self._loads()
        yield from self._faults()
        yield from self._companies()

    def _subtitle(self) -> str:
        record = self.record
        date = self.language.date
        days = self.text(
            "from {first} to {last}",
            first=date(record.begins),
            last=date(record.ended or record.until),
        )
        match self.figures.phase:
            case TrialPhase.UNDER_WAY:
                day = (self.facts.today - record.begins).days + 1
                length = (record.until - record.begins).days + 1
                state = self.text(
                    "day {n} of {days}: no rule moves a row, people go on as ever",
                    n=day,
                    days=length,
                )
            case TrialPhase.AWAITED:
                state = self.text(
                    "its days are over: nothing moves until the head of sales ends or prolongs it"
                )
            case _:
                state = self.text("it is over")
        return f"{days} · {state}"

    def _verdict(self) -> Iterator[ReportLine]:
        yield from heading_lines("verdict", self.text("What it comes to"))
        for number, words in enumerate(self._verdict_words()):
            style = "text_amber" if not number else "note"
            yield ReportLine(f"verdict:{number}", (ReportCell(words, style),))

    def _verdict_words(self) -> Iterator[str]:
        """Say what is recommended, and then on what it rests."""
        text = self.text
        verdict = self.figures.verdict
        match verdict.verdict:
            case Verdict.KEEP:
                yield text("Keep the model as it is.")
            case Verdict.CHANGE:
                yield self._change_words()
            case Verdict.UNCERTAIN:
                yield text(
                    "It may be one or the other: prolong the trial, or ask `sheetsync simulate`."
                )
            case _:
                yield text(
                    "Too little to judge by: {n} would have left the lists, and {sales} were sold "
                    "meanwhile. A word is said from {enough} companies and a sale on.",
                    n=verdict.left,
                    sales=verdict.sales,
                    enough=ENOUGH,
                )
                return
        yield text(
            "{late} of {sales} sales came from companies that would have left before: between "
            "{low} % and {high} %, 95 times of 100. Up to a fifth the model is kept.",
            late=verdict.late,
            sales=verdict.sales,
            low=_percent(verdict.low),
            high=_percent(verdict.high),
        )

    def _change_words(self) -> str:
        verdict = self.figures.verdict
        label = named("labels", verdict.label, self.policy)
        if not verdict.days:
            return self.text("Give more time: too many sales come later.")
        return self.text(
            "Change a number: give “{label}” {days} days. In so many, four of five of its sales "
            "of the trial came.",
            label=label or self.text("no label"),
            days=verdict.days,
        )

    def _word(self) -> Iterator[ReportLine]:
        """Go through the boxes by which the head ends or prolongs the trial."""
        text = self.text
        yield from heading_lines("word", text("The word of the head of sales"))
        yield self._box(
            END_TRIAL,
            text("End the trial"),
            text(
                "Nothing moves with that either: what has gathered is then let go in parts, by "
                "ticks on this tab."
            ),
        )
        yield self._box(
            PROLONG_TRIAL,
            self.language.plural(
                "Prolong it by {n} day",
                "Prolong it by {n} days",
                PROLONGED_DAYS,
            ),
            text("Every tick adds as many."),
        )

    def _box(self, line: str, title: str, note: str) -> ReportLine:
        # What a run has carried out is cleared; what it has not, stays ticked.
        waits = self.facts.projection.plan.trial is None and any(
            answer.sheet == TRIAL and answer.line == line and answer.yes
            for answer in self.facts.projection.snapshot.decisions
        )
        cells = (
            ReportCell(title, "text_amber"),
            BLANK,
            BLANK,
            ReportCell(waits, "tick"),
            note_cell(note),
        )
        return ReportLine(line, cells)

    def _outcome(self) -> Iterator[ReportLine]:
        """Go through what would have left the lists, and what became of it."""
        text = self.text
        figures = self.figures
        yield from heading_lines(
            "outcome", text("What the deadlines and states would have done")
        )
        left = len(figures.left)
        yield self._figure(
            "left", text("would have left the lists"), left, figures.left
        )
        names = {
            "sold": text("of them sold afterwards"),
            "deal": text("of them a deal now, not paid"),
            "in_work": text("of them in work still"),
            "put_away": text("of them put away since by people"),
            "gone": text("of them gone from the base"),
        }
        for code, name in names.items():
            rows = [row for row in figures.left if figures.fate(row) == code]
            yield self._figure(code, name, len(rows), rows)
        yield self._figure(
            "sales", text("all sales of the trial"), len(figures.sales)
        )

    def _figure(
        self,
        code: str,
        name: str,
        number: int,
        rows: "tuple[TriedRow, ...] | list[TriedRow] | None" = None,
    ) -> ReportLine:
        amounts = [row.amount for row in rows or () if row.amount is not None]
        note = ""
        if amounts:
            note = self.text(
                "amount {sum}", sum=self.language.number(sum(amounts))
            )
        style = "number" if number else "number_zero"
        cells = (
            text_cell(name),
            BLANK,
            BLANK,
            ReportCell(number, style),
            note_cell(note),
        )
        return ReportLine(f"outcome:{code}", cells)

    def _rules(self) -> Iterator[ReportLine]:
        text = self.text
        if not self.figures.rules:
            return
        yield from heading_lines("rules", text("Which rules fired"))
        heads = (text("Rule"), "", text("To"), text("Rows"), "")
        yield ReportLine("columns:rules", head_cells(heads))
        for count in self.figures.rules:
            rule = ruling(count.rule, count.target, self.policy, self.language)
            note = ""
            if count.sold:
                note = self.language.plural(
                    "{n} of them sold afterwards",
                    "{n} of them sold afterwards",
                    count.sold,
                )
            cells = (
                text_cell(rule or count.rule),
                BLANK,
                text_cell(named("sections", count.target, self.policy)),
                ReportCell(count.rows, "number"),
                note_cell(note),
            )
            yield ReportLine(f"rule:{count.rule}:{count.target}", cells)

    def _loads(self) -> Iterator[ReportLine]:
        text = self.text
        yield from heading_lines("loads", text("How full the lists are"))
        heads = (
            text("Manager"),
            text("In the list"),
            text("Without what would have left"),
            text("Limit"),
            "",
        )
        yield ReportLine("columns:loads", head_cells(heads))
        for load in self.figures.loads:
            cells = (
                text_cell(load.manager),
                _count(load.now),
                _count(load.without),
                _count(load.limit),
                BLANK,
            )
            yield ReportLine(f"load:{load.manager}", cells)

    def _faults(self) -> Iterator[ReportLine]:
        """Go through what goes wrong most often: steps against the method, findings of rows."""
        text = self.text
        counts = Counter(
            text(NAMES[violation.code]) for violation in self.facts.violations
        )
        counts.update(
            text(KINDS.get(problem.code, UNREADABLE))
            for problem in self.facts.problems
            if problem.row
        )
        if not counts:
            return
        yield from heading_lines("faults", text("What goes wrong most often"))
        most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        for name, number in most[:KINDS_SHOWN]:
            cells = (
                text_cell(name),
                BLANK,
                BLANK,
                ReportCell(number, "number"),
                BLANK,
            )
            yield ReportLine(f"fault:{name}", cells)

    @cached_property
    def _gathered(self) -> tuple[Part, ...]:
        """What waits for the head's word, in parts."""
        plan = self.facts.projection.plan
        held = self.facts.projection.plan.would
        moves = [move for move in held if move.id not in plan.released]
        rows = len(self.facts.projection.snapshot.base)
        return parts_of(moves, most_of_a_part(rows, self.policy.safety))

    def _parts(self) -> Iterator[ReportLine]:
        """Go through the parts, a box each, and the companies of each."""
        text = self.text
        yield from heading_lines("parts", text("What has gathered"))
        if not self._gathered:
            yield sentence("parts:none", text("Nothing waits any more."))
            return
        yield sentence(
            "parts:how",
            text(
                "Tick a part, and the next run moves its companies, those that stand below it; "
                "read them first, and take what should stay out of the rules' way."
            ),
        )
        allowance = Allowance(SHOWN)
        ticked = ticked_parts(self.facts.projection.snapshot)
        for part in self._gathered:
            listed = allowance.take(part.moves)
            if not listed:
                continue
            yield self._part_line(part, ticked=part.key in ticked)
            for move in listed:
                yield ReportLine(part.line_of(move), self._move_cells(move))
        hidden = sum(len(part.moves) for part in self._gathered) - SHOWN
        if hidden > 0:
            yield more_line("parts:more", hidden, self.language)

    def _part_line(self, part: Part, *, ticked: bool) -> ReportLine:
        text = self.text
        title = part.manager or text("— no manager —")
        if part.parts > 1:
            title = text(
                "{manager}, part {n} of {parts}",
                manager=title,
                n=part.number,
                parts=part.parts,
            )
        rows = self.language.plural(
            "{n} company", "{n} companies", len(part.moves)
        )
        # What has been let go and could not move waits for another tick.
        waits = ticked and not self.facts.projection.plan.released
        cells = (
            ReportCell(title, "text_amber"),
            BLANK,
            ReportCell(rows, "text_amber"),
            ReportCell(waits, "tick"),
            BLANK,
        )
        return ReportLine(part.line, cells)

    def _move_cells(self, move: Move) -> tuple[ReportCell, ...]:
        place = self.facts.places.get(move.id)
        return (
            company_name_cell(move.company, place, self.language),
            text_cell(move.manager),
            text_cell(named("sections", move.target, self.policy)),
            BLANK,
            note_cell(move.reason),
        )

    def _companies(self) -> Iterator[ReportLine]:
        """Go through the companies that would have moved, from the first night on."""
        text = self.text
        rows = self.figures.rows
        yield from heading_lines(
            "would", text("What would have moved, company by company")
        )
        if not rows:
            yield sentence("would:none", text("Nothing so far."))
            return
        heads = (
            self.policy.words.name("columns", "company"),
            self.policy.words.name("columns", "manager"),
            text("To"),
            text("Day"),
            text("Since then"),
        )
        yield ReportLine("columns:would", head_cells(heads))
        listed = rows[:SHOWN]
        for row in listed:
            yield self._company(row)
        if len(rows) > len(listed):
            yield more_line(
                "would:more", len(rows) - len(listed), self.language
            )
        yield gap("end", 12)

    def _company(self, row: TriedRow) -> ReportLine:
        place = self.facts.places.get(row.id)
        cells = (
            company_name_cell(row.company, place, self.language),
            text_cell(row.manager),
            text_cell(named("sections", row.mark.target, self.policy)),
            date_cell(row.mark.on),
            note_cell(self._since(row)),
        )
        return ReportLine(f"would:{row.id}", cells)

    def _since(self, row: TriedRow) -> str:
        text = self.text
        if row.sold:
            return text("sold")
        if not row.stands:
            return text("gone from the base")
        if row.mark.moved:
            section = named("sections", row.section, self.policy)
            return text("moved since: “{section}”", section=section)
        return named("states", row.state, self.policy)


def _count(number: int) -> ReportCell:
    return ReportCell(number, "number" if number else "number_zero")


def _percent(share: float) -> int:
    return round(share * 100)
