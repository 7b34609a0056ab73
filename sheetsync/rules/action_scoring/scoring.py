"""What the head of sales answered on the revision of actions: scores from 1 to 5 and remarks, and what of it is new.

The tab holds them until the next week; the Journal keeps each for good (`scored`), written by the run that finds it. What the
tab does not show any more is told by the Journal, so that a tab which was deleted comes back as it was.
"""

import json
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
from sheetsync.values import Cell, clean
from sheetsync.workbook.answers import decisions_of, line_key
from sheetsync.workbook.journal import JournalLine, LineKind
from sheetsync.workbook.report_lines import in_order
from sheetsync.workbook.snapshot import Grid, Snapshot, own_title, own_titles

SHEET = "sample"
"""The key of the report on which it is asked."""
SCALE = (1, 2, 3, 4, 5)
"""From very bad to very good. The method names no scale; this is the one of every school."""
KEPT = 1000
"""Characters of a score, or of a remark, that the Journal keeps."""
_WHOLE = re.compile(r"([1-5])(?:[.,]0+)?")


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
        points = score_of(self.score)
        score = clean(self.score) if points is None else str(points)
        return score[:KEPT].rstrip(), clean(self.remark)[:KEPT].rstrip()

    @property
    def points(self) -> int | None:
        """The score; None where there is none, or what was typed is not of the scale."""
        return score_of(self.score)


NOTHING = ScoreAnswer()


class ScoreLine(NamedTuple):
    """A line of the tab as it was read: what was answered, by whom the action was, and what it says of it."""

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
        """What the Journal keeps of it: days as `2026-03-02`, points as a number or null, cells as they were typed."""
        (before, was), (after, remark) = self.before.words, self.after.words
        known = {
            "week": self.ident.week.isoformat(),
            "day": self.ident.day.isoformat(),
            "by": self.name,
        }
        told = {"before": before, "after": after, "remark_before": was, "remark": remark}
        return {**known, "points": self.after.points, **told}


class JournalScore(NamedTuple):
    """A line `scored` of the Journal."""

    when: float
    ident: ActionIdentity
    name: str
    company: str
    answer: ScoreAnswer


class Sample(NamedTuple):
    """The actions that are asked about. `week`: its Monday; `shares`: by manager (`who`); `answers`: what was answered of them."""

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
    found = _WHOLE.fullmatch(clean(value))
    return int(found[1]) if found else None


def tab_of(snapshot: Snapshot, policy: Policy) -> Grid | None:
    """Return the tab on which it is asked, as it was read."""
    book = snapshot.book
    return book.titled(own_title(book, policy, SHEET)) or book.titled(*own_titles(policy, SHEET))


def standing(snapshot: Snapshot, policy: Policy) -> dict[ActionIdentity, ScoreLine]:
    """Return the lines of the tab, answered or not; of one that somebody has doubled, the first that is answered."""
    grid = tab_of(snapshot, policy)
    found: dict[ActionIdentity, ScoreLine] = {}
    for row in in_order(grid.cells, SHEET) if grid else ():
        known = ident_of(line_key(row[0])) if row else None
        if known is None:
            continue
        ident, name = known
        told = {decision.column: decision.value for decision in decisions_of(SHEET, [row])}
        company, done = (clean(row[at]) if at < len(row) else "" for at in (1, 3))
        asked = ScoreLine(ScoreAnswer(told.get("score"), told.get("remark")), name, company, done)
        if ident not in found or not found[ident].answer.given:
            found[ident] = asked
    return found


def marks(journal: Sequence[JournalLine]) -> Iterator[JournalScore]:
    """Go through the Journal's scores, in the order of its lines; what cannot be understood is left out."""
    for line in journal:
        if line.what != LineKind.SCORED:
            continue
        data = _data(line.data)
        name = data.get("by")
        try:
            week, day = (date.fromisoformat(str(data.get(part))) for part in ("week", "day"))
        except ValueError:
            continue
        if isinstance(name, str):
            answer = ScoreAnswer(_text(data.get("after")), _text(data.get("remark")))
            yield JournalScore(
                line.when, ActionIdentity(week, who(name), line.id, day), name, line.company, answer
            )


def _data(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def latest(journal: Sequence[JournalLine]) -> dict[ActionIdentity, JournalScore]:
    """Return the last word on each action. `journal`: its newest lines first."""
    found: dict[ActionIdentity, JournalScore] = {}
    for mark in marks(journal):
        found.setdefault(mark.ident, mark)
    return found


def score_changes(snapshot: Snapshot, policy: Policy) -> tuple[ScoreChange, ...]:
    """Return what was answered since the Journal last knew, in the order of the tab. A line that is gone says nothing."""
    known = latest(snapshot.journal)
    found = []
    for ident, asked in standing(snapshot, policy).items():
        before = known[ident].answer if ident in known else NOTHING
        if before.words != asked.answer.words:
            found.append(ScoreChange(ident, asked.name, asked.company, before, asked.answer))
    return tuple(found)


def sample(
    snapshot: Snapshot, policy: Policy, journal: Sequence[JournalLine], today: date
) -> Sample:
    """Return what is asked about today: of the week that ended last, with what was answered.

    `journal`: its newest lines first, those of the run that is being written included.
    """
    week = reviewed(today)
    asked = {ident: one for ident, one in standing(snapshot, policy).items() if ident.week == week}
    known = {ident: mark.answer for ident, mark in latest(journal).items() if ident.week == week}
    answers = known | {ident: one.answer for ident, one in asked.items()}
    kept = {ident for ident, answer in answers.items() if answer.given}
    found = {action.ident: action for action in actions(journal, policy, week, today)}
    # What was answered stays, though the Journal does not reach back to it any more.
    lost = [(ident, one) for ident, one in asked.items() if ident in kept and ident not in found]
    told = [
        Action(week, one.name, ident.id, ident.day, one.company, wording=one.done)
        for ident, one in lost
    ]
    shares = (
        draw((*found.values(), *told), policy, snapshot.book.id, kept)
        if policy.review.actions
        else {}
    )
    return Sample(week, shares, answers)
