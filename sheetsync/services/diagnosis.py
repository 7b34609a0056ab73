"""What `doctor` says of one thing that it has looked at."""

from typing import NamedTuple

from sheetsync.errors import SheetsyncError


class Diagnosis(NamedTuple):
    """One thing looked at: whether it is well, in words, and what to do where it is not.

    `book`: the one it is about, "" for what all books share.
    """

    code: str
    well: bool
    sentence: str
    fix: str = ""
    book: str = ""


def well(code: str, sentence: str, fix: str = "") -> Diagnosis:
    """Say that a thing is well. `fix`: what may be done all the same."""
    return Diagnosis(code, well=True, sentence=sentence, fix=fix)


def ill(code: str, sentence: str, fix: str) -> Diagnosis:
    """Say that a thing is not well, and how to mend it."""
    return Diagnosis(code, well=False, sentence=sentence, fix=fix)


def failed(code: str, error: SheetsyncError) -> Diagnosis:
    """Say that a thing could not be done, in the words of its error."""
    return ill(code, error.message, error.fix)
