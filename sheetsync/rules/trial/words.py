"""What is said of a trial of the model as a whole: in the findings, and in the Journal."""

from enum import StrEnum

from sheetsync.i18n import Language
from sheetsync.rules.draft.changes import Changes
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.draft.trial import TrialOddity, TrialPhase, TrialTonight
from sheetsync.schema import Problem, Severity
from sheetsync.workbook.answers import TRIAL
from sheetsync.workbook.snapshot import own_title
from sheetsync.workbook.trial_record import TrialRecord

WORD_AWAITED = "trial_awaits_word"
"""The code of what is said where a trial is over and the head has not ended it."""
ODD = "trial_odd"
"""The code of what is said where a trial was asked for in an odd way."""


class TrialDeed(StrEnum):
    """What a run has done about a trial, as the Journal calls it."""

    BEGUN = "begun"
    PROLONGED = "prolonged"
    CHANGED = "changed"
    ENDED = "ended"
    RELEASED = "released"


def trial_deed(
    before: TrialRecord | None, after: TrialRecord | None
) -> TrialDeed | None:
    """Return what has become of a trial, None for nothing. `after` None: nothing is noted anew."""
    if after is None or after == before:
        return None
    if before is None or before.begins != after.begins:
        return TrialDeed.BEGUN
    if after.ended is not None:
        return TrialDeed.ENDED
    if after.prolonged != before.prolonged:
        return TrialDeed.PROLONGED
    return TrialDeed.CHANGED


def trial_words(
    deed: TrialDeed, record: TrialRecord, language: Language
) -> str:
    """Say what has become of a trial."""
    text = language.text
    until = language.date(record.until)
    if deed is TrialDeed.BEGUN:
        return text("the trial of the model begins, until {date}", date=until)
    if deed is TrialDeed.ENDED:
        begins = language.date(record.begins)
        return text(
            "the trial of the model that began on {date} is over", date=begins
        )
    return text("the trial of the model goes on until {date}", date=until)


def trial_findings(draft: PlanDraft) -> Changes:
    """Say what is to be said of a trial as a whole."""
    night = draft.night
    trial = night.trial
    problems: list[Problem] = []
    if trial.phase is TrialPhase.AWAITED and trial.record is not None:
        message = night.language.text(
            "The days of the trial were over on {date}: nothing moves until the head of sales ends "
            "or prolongs it.",
            date=night.language.date(trial.record.until),
        )
        title = own_title(night.snapshot.book, night.policy, TRIAL)
        fix = night.language.text("Tick one of the boxes on its tab.")
        problems.append(
            Problem(WORD_AWAITED, Severity.WARNING, title, 0, "", message, fix)
        )
    if trial.oddity is not None:
        tab = TRIAL if trial.oddity is TrialOddity.BOTH else "settings"
        title = own_title(night.snapshot.book, night.policy, tab)
        message, fix = _odd_words(trial, night.language)
        problems.append(
            Problem(ODD, Severity.WARNING, title, 0, "", message, fix)
        )
    return Changes(problems=tuple(problems))


def _odd_words(trial: TrialTonight, language: Language) -> tuple[str, str]:
    """Say what is odd about a trial, and what to do."""
    text = language.text
    another = text("Type another first day, or empty the cell.")
    match trial.oddity:
        case TrialOddity.MISSED:
            return (
                text(
                    "The trial would have been over before its first night: its first day lies too "
                    "far back, and nothing is tried."
                ),
                another,
            )
        case TrialOddity.BOTH:
            return (
                text("The trial is to end and to be prolonged at once."),
                text("Leave one of the two ticks."),
            )
        case TrialOddity.ANOTHER:
            return (
                text(
                    "Another first day was typed while a trial is under way: this one goes on until"
                    " then, and the new one begins from nothing."
                ),
                text("To go on with this one, put its first day back."),
            )
        case _:
            return (
                text(
                    "The first day of the trial lies before its first night: the days since then "
                    "count, and tell nothing."
                ),
                another,
            )
