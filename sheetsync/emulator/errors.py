"""What can go wrong.

With a file on disk (FileProblem) and with a request (ApiError, in Google's form).

Sentences for people are left to the caller: these texts are short and for programs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

STATUSES = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    409: "ABORTED",
    413: "INVALID_ARGUMENT",
    500: "INTERNAL",
}


class FileProblem(Exception):  # a public name that callers were promised
    """A workbook file that cannot be read, or cannot be saved.

    `path` says which, `code` says why.
    """

    code = "file_problem"

    def __init__(self, path: Path, why: str = "") -> None:
        super().__init__(f"{path}: {why or self.code}")
        self.path = path

    @property
    def parts(self) -> tuple[str, ...]:
        """What a save would lose, in words; empty for every other problem."""
        return ()

    @property
    def kept(self) -> Path | None:
        """Where a save of another program was laid beside the file, if one was."""
        return None


class NoSuchFile(FileProblem):
    """There is no file of that name."""

    code = "no_such_file"


class NotAWorkbook(FileProblem):
    """Not an .xlsx, damaged, or encrypted with a password."""

    code = "not_a_workbook"


class FileInUse(FileProblem):
    """Another program has the file open, or another process is saving it."""

    code = "file_in_use"


class SavedByAnotherRun(FileInUse):
    """Another process of this very program is saving the file."""

    code = "saved_by_another_run"


class FileReadOnly(FileProblem):
    """The file, or the folder that a new version must be written to, may not be written."""

    code = "file_read_only"


class DiskFull(FileReadOnly):
    """There is no room for a new version beside the file."""

    code = "disk_full"


class FileChanged(FileProblem):
    """The file on disk is no longer the one that was read.

    `kept`: where a save of another program lies that could not stay in the file, as a later one
    stands there.
    """

    code = "file_changed"

    def __init__(
        self, path: Path, why: str = "", kept: Path | None = None
    ) -> None:
        super().__init__(path, why)
        self._kept = kept

    @property
    def kept(self) -> Path | None:
        """Where a save of another program was laid beside the file, if one was."""
        return self._kept


class FileGone(FileChanged):
    """The file was moved, renamed or deleted since it was read."""

    code = "file_gone"


class WouldLoseParts(FileProblem):
    """A save would drop parts of the file that cannot be carried over; `parts` lists them."""

    code = "would_lose_parts"

    def __init__(self, path: Path, parts: tuple[str, ...]) -> None:
        super().__init__(path, "a save would lose " + ", ".join(parts))
        self._parts = parts

    @property
    def parts(self) -> tuple[str, ...]:
        """What a save would lose, in words."""
        return self._parts


class ApiError(Exception):
    """An answer other than 200.

    `code` is the HTTP status, `message` and `details` go into the body.
    """

    def __init__(
        self,
        code: int,
        message: str,
        details: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details

    def body(self) -> dict[str, Any]:
        """Give the answer's JSON, as Google writes it."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "status": STATUSES.get(self.code, "UNKNOWN"),
        }
        if self.details:
            error["details"] = self.details
        return {"error": error}


def bad(message: str) -> ApiError:
    """Give a 400 with Google's wording."""
    return ApiError(400, message)


def violations(items: list[tuple[str, str]]) -> ApiError:
    """Give a 400 that names fields: `items` are (field path, description)."""
    detail = {
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        "fieldViolations": [
            {"field": field, "description": text} for field, text in items
        ],
    }
    return ApiError(400, "\n".join(text for _, text in items), [detail])


def of_file(problem: FileProblem) -> ApiError:
    """Give the 409 that stands for a save which could not happen; nothing was changed."""
    detail: dict[str, Any] = {
        "@type": f"type.sheetsync/{type(problem).__name__}",
        "path": str(problem.path),
        "parts": list(problem.parts),
    }
    if problem.kept is not None:
        detail["kept"] = str(problem.kept)
    return ApiError(409, str(problem), [detail])
