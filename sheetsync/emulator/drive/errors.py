"""Errors as the Drive API tells them: the same codes as Sheets, another body.

What is wrong is decided by the calls.
"""

from __future__ import annotations

from typing import Any

from sheetsync.emulator.errors import ApiError


class DriveError(ApiError):
    """An answer other than 2xx.

    `reason` is a word of Drive's, `location` the parameter that is meant.
    """

    def __init__(
        self,
        code: int,
        message: str,
        reason: str,
        location: str = "",
        kind: str = "parameter",
    ) -> None:
        super().__init__(code, message)
        self.reason = reason
        self.location = location
        self.kind = kind

    def body(self) -> dict[str, Any]:
        """Give the answer's JSON, as Drive writes it."""
        told = {
            "message": self.message,
            "domain": "global",
            "reason": self.reason,
        }
        if self.location:
            told |= {"location": self.location, "locationType": self.kind}
        details = {"details": self.details} if self.details else {}
        return {
            "error": {
                "code": self.code,
                "message": self.message,
                "errors": [told],
                **details,
            }
        }


_REASONS = {403: "forbidden", 404: "notFound", 409: "conflict"}


def as_drive(error: ApiError) -> DriveError:
    """Give an error of the rooms below in Drive's form; its details stay."""
    out = DriveError(
        error.code, error.message, _REASONS.get(error.code, "badRequest")
    )
    out.details = error.details
    return out


def no_file(number: str) -> DriveError:
    """Give the 404 for a file that is not there, or that the user may not see."""
    return DriveError(404, f"File not found: {number}.", "notFound", "fileId")


def refused() -> DriveError:
    """Give the 403 for a file that the user may see, and may not change in that way."""
    text = "The user does not have sufficient permissions for this file."
    return DriveError(403, text, "insufficientFilePermissions")


def invalid(location: str, message: str = "Invalid Value") -> DriveError:
    """Give the 400 for a parameter that makes no sense."""
    return DriveError(400, message, "invalid", location)


def needed(location: str, message: str = "") -> DriveError:
    """Give the 400 for what a call cannot do without."""
    return DriveError(
        400, message or f"Required parameter: {location}", "required", location
    )


def bad_request(message: str) -> DriveError:
    """Give a 400 for a body that makes no sense, or asks for what is not emulated."""
    return DriveError(400, message, "badRequest")


def not_writable(message: str = "") -> DriveError:
    """Give the 403 for fields of a body that cannot be set."""
    text = (
        message
        or "The resource body includes fields which are not directly writable."
    )
    return DriveError(403, text, "fieldNotWritable")
