"""A message that a run has stopped and waits for a person: at once, to the head and the operator.

Why it stopped is the run's to say; that each reason is told once a day is the sent log's.
"""

from collections.abc import Sequence

from sheetsync.i18n import Language
from sheetsync.method.terms import Person
from sheetsync.reporting.messages.harmless_text import plain
from sheetsync.reporting.messages.message import NAME, Message, Role
from sheetsync.reporting.messages.sent_log import sentence_key


def stopped_message(
    role: Role,
    person: Person,
    book: str,
    reasons: Sequence[str],
    fix: str,
    language: Language,
    link: str = "",
) -> Message:
    """Return the message; `reasons` in words, `fix`: what to do, "" for nothing."""
    title = language.text(
        "“{book}”: the run has stopped", book=plain(book, NAME)
    )
    lines = [f"• {plain(reason)}" for reason in reasons]
    if fix:
        lines.append(f"→ {plain(fix)}")
    # A reason is told once a day: it is the same one however its numbers change.
    keys = tuple(sentence_key("stopped", reason) for reason in reasons)
    count = len(reasons)
    return Message(
        role, person, title, tuple(lines), keys, count, link, alarm=True
    )
