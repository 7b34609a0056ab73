"""What the head of sales answered on the revision of actions, and what of it is new.

Scores from 1 to 5 and remarks stand on the tab until the next week; the Journal keeps each for good
(`scored`), written by the run that finds it. New is what the Journal's last word on the action does
not say. Which actions are asked about is `sampling`'s.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.rules.action_scoring.sampling import (
    DAY,
    Action,
    ActionIdentity,
    SampleShare,
    actions,
    draw,
    ident_of,
    reviewed,
    who,
)
from sheetsync.rules.changes.journal_data import data_of
from sheetsync.values import Cell, clean
from sheetsync.workbook.answers import decisions_of, line_key
from sheetsync.workbook.journal import JournalLine, LineKind
from sheetsync.workbook.report_lines import in_order
from sheetsync.workbook.snapshot import Grid, Snapshot, own_title, own_titles

SHEET = "sample"
"""The key of the report on which it is asked."""
SCALE = (1, 2, 3, 4, 5)
"""From very bad to very good. The method names no scale; this is the one of every school."""
LONGEST_ANSWER = 1000
"""Characters of a score, or of a remark, that the Journal keeps."""

_WHOLE = re.compile(r"([1-5])(?:[.,]0+)?")
_COMPANY, _DONE = 1, 3
"""Columns of a line of the tab, the hidden one being 0."""


class ScoreAnswer(NamedTuple):
    """What stands in the two cells of a line, as it was typed."""

    score: Cell = None
    remark: Cell = None

    @property
    def given(self) -> bool:
        """Whether anything was answered."""
        return self.words != ("", "")

    @property
    def words(self) -> tuple[str, str]:
        """Both as the Journal keeps them."""
        points = self.points
        score = clean(self.score) if points is None else str(points)
        return score[:LONGEST_ANSWER].rstrip(), clean(self.remark)[
            :LONGEST_ANSWER
        ].rstrip()

    @property
    def points(self) -> int | None:
        """The score; None where there is none, or what was typed is not of the scale."""
        return score_of(self.score)


NOTHING = ScoreAnswer()


class ScoreLine(NamedTuple):
    """A line of the tab as it was read: the answer, whose action it was, and what it says of it."""

    answer: ScoreAnswer
    name: str
    company: str
    done: str


class ScoreChange(NamedTuple):
    """An answer that is new, another one, or taken away, beside what the Journal knew."""

    ident: ActionIdentity
    name: str
    company: str
    before: ScoreAnswer
    after: ScoreAnswer

    @property
    def data(self) -> dict[str, Any]:
        """What the Journal keeps of it: days as `2026-03-02`, points as a number or null."""
        score_before, remark_before = self.before.words
        score, remark = self.after.words
        return {
            "week": self.ident.week.isoformat(),
            "day": self.ident.day.isoformat(),
            "by": self.name,
            "points": self.after.points,
            "before": score_before,
            "after": score,
            "remark_before": remark_before,
            "remark": remark,
        }


class JournalScore(NamedTuple):
    """A line `scored` of the Journal."""

    when: float
    ident: ActionIdentity
    name: str
    company: str
    answer: ScoreAnswer


class Sample(NamedTuple):
    """The actions that are asked about.

    `week`: its Monday; `shares`: by manager (`who`); `answers`: what was answered of them.
    """

    week: date
    shares: Mapping[str, SampleShare]
    answers: Mapping[ActionIdentity, ScoreAnswer]

    def share(self, manager: str) -> SampleShare:
        """Return a manager's share, an empty one where they have done nothing."""
        return self.shares.get(who(manager), SampleShare(manager))

    def answer(self, action: Action) -> ScoreAnswer:
        """Return what was answered of an action."""
        return self.answers.get(action.ident, NOTHING)


def week_named(week: date, language: Language) -> str:
    """Name a week by its days: `2 March – 8 March`."""
    return f"{language.day(week)} – {language.day(week + 6 * DAY)}"


def score_of(value: Cell) -> int | None:
    """Return the score that was typed, None for what is not of the scale."""
    if isinstance(value, bool):
        return None
    match = _WHOLE.fullmatch(clean(value))
    return int(match[1]) if match else None


def tab_of(snapshot: Snapshot, policy: Policy) -> Grid | None:
    """Return the tab on which it is asked, as it was read."""
    book = snapshot.book
    return book.titled(own_title(book, policy, SHEET)) or book.titled(
        *own_titles(policy, SHEET)
    )


def standing(
    snapshot: Snapshot, policy: Policy
) -> dict[ActionIdentity, ScoreLine]:
    """Return the lines of the tab, answered or not."""
    grid = tab_of(snapshot, policy)
    lines: dict[ActionIdentity, ScoreLine] = {}
    for row in in_order(grid.cells, SHEET) if grid else ():
        asked = ident_of(line_key(row[0])) if row else None
        if asked is None:
            continue
        ident, name = asked
        # Of a line that somebody has doubled, the copy must not hide what was answered.
        if ident not in lines or not lines[ident].answer.given:
            company = _cell(row, _COMPANY)
            done = _cell(row, _DONE)
            lines[ident] = ScoreLine(_answer(row), name, company, done)
    return lines


def _cell(row: Sequence[Cell], column: int) -> str:
    return clean(row[column]) if column < len(row) else ""


def _answer(row: Sequence[Cell]) -> ScoreAnswer:
    cells = {
        answer.column: answer.value for answer in decisions_of(SHEET, [row])
    }
    return ScoreAnswer(cells.get("score"), cells.get("remark"))


def _scores_in(journal: Sequence[JournalLine]) -> Iterator[JournalScore]:
    """Go through the Journal's scores, in the order of its lines.

    What cannot be understood is left out.
    """
    for line in journal:
        score = _score_of_line(line) if line.what == LineKind.SCORED else None
        if score is not None:
            yield score


def _score_of_line(line: JournalLine) -> JournalScore | None:
    data = data_of(line, "by", "week", "day")
    if data is None or not isinstance(data["by"], str):
        return None
    try:
        week = date.fromisoformat(str(data["week"]))
        day = date.fromisoformat(str(data["day"]))
    except ValueError:
        return None
    name = data["by"]
    answer = ScoreAnswer(_text(data.get("after")), _text(data.get("remark")))
    ident = ActionIdentity(week, who(name), line.id, day)
    return JournalScore(line.when, ident, name, line.company, answer)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def latest(
    journal: Sequence[JournalLine],
) -> dict[ActionIdentity, JournalScore]:
    """Return the last word on each action. `journal`: its newest lines first."""
    scores: dict[ActionIdentity, JournalScore] = {}
    for score in _scores_in(journal):
        scores.setdefault(score.ident, score)
    return scores


def score_changes(
    snapshot: Snapshot, policy: Policy
) -> tuple[ScoreChange, ...]:
    """Return what was answered since the Journal last knew, in the order of the tab."""
    known = latest(snapshot.journal)
    changes = []
    # A line that is gone says nothing, so that a tab which was deleted comes back as it was.
    for ident, line in standing(snapshot, policy).items():
        before = known[ident].answer if ident in known else NOTHING
        # By their words, as 4 and "4" are one answer, however a cell holds them.
        if before.words != line.answer.words:
            changes.append(
                ScoreChange(ident, line.name, line.company, before, line.answer)
            )
    return tuple(changes)


def sample(
    snapshot: Snapshot,
    policy: Policy,
    journal: Sequence[JournalLine],
    today: date,
) -> Sample:
    """Return what is asked about today: of the week that ended last, with what was answered.

    `journal`: its newest lines first, those of the run that is being written included.
    """
    week = reviewed(today)
    lines = standing(snapshot, policy)
    answers = _answers_of_week(week, lines, journal)
    if not policy.review.actions:
        return Sample(week, {}, answers)
    answered = {ident for ident, answer in answers.items() if answer.given}
    found = {
        action.ident: action for action in actions(journal, policy, week, today)
    }
    for ident, line in lines.items():
        # What was answered stays, though the Journal does not reach back to it any more.
        if ident in answered and ident not in found:
            found[ident] = _action_of_line(ident, line)
    shares = draw(found.values(), policy, snapshot.book.id, answered)
    return Sample(week, shares, answers)


def _answers_of_week(
    week: date,
    lines: Mapping[ActionIdentity, ScoreLine],
    journal: Sequence[JournalLine],
) -> dict[ActionIdentity, ScoreAnswer]:
    """Return the answers of a week: those of the tab, and the Journal's where it has none."""
    answers = {}
    for ident, score in latest(journal).items():
        if ident.week == week:
            answers[ident] = score.answer
    for ident, line in lines.items():
        if ident.week == week:
            answers[ident] = line.answer
    return answers


def _action_of_line(ident: ActionIdentity, line: ScoreLine) -> Action:
    return Action(
        ident.week,
        line.name,
        ident.id,
        ident.day,
        line.company,
        wording=line.done,
    )
