"""The stages of a run as it goes on, for whoever waits; how they are shown is the caller's."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple


class Stage(StrEnum):
    """What a run is about to do."""

    READ = "read"
    DECIDE = "decide"
    LOCK = "lock"
    REREAD = "reread"
    WRITE = "write"


class Progress(NamedTuple):
    """Where a run stands: its stage, over how many rows, and in which of its batches (from 1).

    `rows`: of the base where it is decided upon, to be moved where they are written; None where it
    is not known. `batches`: how many there will be, as far as can be told.
    """

    stage: Stage
    rows: int | None = None
    batch: int = 1
    batches: int = 1


OnProgress = Callable[[Progress], None]
"""Is told each stage just before it begins."""


def in_silence(_: Progress) -> None:
    """Tell nobody."""
