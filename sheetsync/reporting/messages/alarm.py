"""A message that a run has stopped and waits for a person: at once, to the head and the operator."""

from collections.abc import Sequence

from sheetsync.i18n import Language
from sheetsync.method.terms import Person
from sheetsync.reporting.messages.message import Digest, Role, plain
from sheetsync.reporting.messages.sent_log import matter_key


def stopped(
    role: Role,
    person: Person,
    book: str,
    reasons: Sequence[str],
    fix: str,
    language: Language,
    link: str = "",
) -> Digest:
    """Return the message; `reasons` in words, `fix`: what to do. It is the same message however its numbers change."""
    title = language.text("“{book}”: the run has stopped", book=plain(book, 60))
    lines = [*(f"• {plain(reason)}" for reason in reasons), *([f"→ {plain(fix)}"] if fix else [])]
    keys = tuple(matter_key("stopped", reason) for reason in reasons)
    return Digest(role, person, title, tuple(lines), keys, len(reasons), link, alarm=True)
