"""What is said when a person has stopped a command: what was done by then, and what was not."""

from contextvars import ContextVar

from sheetsync.i18n import Language
from sheetsync.services.stages import Stage

_stage: ContextVar[Stage | None] = ContextVar("_stage", default=None)

_ONLY_READ = frozenset(
    {
        "plan",
        "check",
        "history",
        "simulate",
        "doctor",
        "report",
        "status",
        "config",
    }
)
"""Commands that write nothing, but for a report that is written whole or not at all."""


def note_stage(stage: Stage | None) -> None:
    """Remember the stage that a run has reached; None: it has not begun."""
    _stage.set(stage)


def interrupted(command: str, language: Language) -> str:
    """Say what a command had done by the time it was stopped."""
    text = language.text
    stage = _stage.get()
    if stage is Stage.WRITE:
        return text(
            "Interrupted while the base was being written. What was sent is carried out whole or "
            "not at all; `sheetsync history BOOK` says which. A lock that is left goes by itself "
            "within five minutes; `sheetsync unlock BOOK` frees the base at once."
        )
    if stage in (Stage.LOCK, Stage.REREAD):
        return text(
            "Interrupted; no row was written. A lock that is left goes by itself within five "
            "minutes; `sheetsync unlock BOOK` frees the base at once."
        )
    if stage is not None or command in _ONLY_READ:
        return text("Interrupted; nothing was written.")
    return text(
        "Interrupted. What had been sent by then is carried out whole or not at all; run the "
        "command again."
    )
