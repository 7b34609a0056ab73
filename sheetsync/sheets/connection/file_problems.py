"""Why a local file could not be saved, in the user's words: what happened, and what to do."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sheetsync.emulator import errors as files
from sheetsync.errors import (
    BookChanged,
    BookInUse,
    BookLocked,
    InputError,
    SheetsyncError,
)
from sheetsync.i18n import Language

_TYPES = "type.sheetsync/"


def of_detail(
    detail: Mapping[str, Any], language: Language
) -> SheetsyncError | None:
    """Explain the detail of an answer about a file; None where the answer is about none."""
    kind = str(detail.get("@type", ""))
    if not kind.startswith(_TYPES):
        return None
    return _explained(kind.removeprefix(_TYPES), detail, language)


def of_problem(
    problem: files.FileProblem, language: Language
) -> SheetsyncError:
    """Explain what kept a file from being made or saved."""
    (detail,) = files.of_file(problem).details or [{}]
    return of_detail(detail, language) or InputError(str(problem))


def _explained(
    kind: str, detail: Mapping[str, Any], language: Language
) -> SheetsyncError | None:
    text = language.text
    again = text("Run the command again; nothing was written.")
    if kind == "FileChanged" and "kept" in detail:
        return _two_saves(Path(str(detail["kept"])), language)
    if kind == "FileChanged":
        message = text(
            "The file was changed by somebody else while we worked on it."
        )
        return BookChanged(message, fix=again)
    if kind in ("FileGone", "NoSuchFile"):
        return _gone(language)
    if kind == "NotAWorkbook":
        return _half_saved(language)
    if kind == "SavedByAnotherRun":
        message = text("Another run of sheetsync is saving this file just now.")
        fix = text(
            "Let it finish, then run the command again; nothing was written."
        )
        return BookLocked(message, fix=fix)
    return _not_writable(kind, detail, language)


def _not_writable(
    kind: str, detail: Mapping[str, Any], language: Language
) -> SheetsyncError | None:
    """Explain what stands in the way of any save, whoever else is at the file."""
    text = language.text
    if kind == "FileInUse":
        fix = text(
            "Close it there and run the command again; nothing was written."
        )
        return BookInUse(text("The file is open in another program."), fix=fix)
    if kind == "DiskFull":
        fix = text(
            "Free some space and run the command again; nothing was written."
        )
        return BookInUse(
            text("There is no room on the disk to save the file."), fix=fix
        )
    if kind == "FileReadOnly":
        fix = text(
            "Allow writing to the file and its folder; nothing was written."
        )
        return BookInUse(text("The file may not be written."), fix=fix)
    if kind == "WouldLoseParts":
        parts = ", ".join(map(str, detail.get("parts", ())))
        fix = text("Work on a copy without them; nothing was written.")
        message = text(
            "Saving would lose parts of this file: {parts}.", parts=parts
        )
        return BookInUse(message, fix=fix)
    return None


def _two_saves(kept: Path, language: Language) -> BookChanged:
    text = language.text
    message = text(
        "The file was saved twice by somebody else while we worked on it: the later save stands in "
        "it, the earlier one is kept beside it as “{kept}”.",
        kept=kept.name,
    )
    fix = text(
        "Look which of the two is right, put what the file lacks into it, delete “{kept}” and run "
        "the command again; nothing of ours was written.",
        kept=kept.name,
    )
    return BookChanged(message, fix=fix)


def _gone(language: Language) -> BookChanged:
    # Programs that save by renaming leave no file of that name for an instant; a daemon tries
    # again.
    text = language.text
    fix = text(
        "Put it back in its place, or name the place where it is now, and run the command again; "
        "nothing was written."
    )
    return BookChanged(
        text("The file was moved, renamed or deleted while we worked on it."),
        fix=fix,
    )


def _half_saved(language: Language) -> BookChanged:
    text = language.text
    message = text(
        "Something that is no readable .xlsx stands in the file’s place: another program is in the "
        "midst of saving it, or has spoiled it."
    )
    fix = text(
        "Open it in Excel or LibreOffice. Where it opens, run the command again; where it does "
        "not, take your last copy of it. Nothing of ours was written."
    )
    return BookChanged(message, fix=fix)
