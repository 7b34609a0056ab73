"""An existing base, guessed at: which tab is which section, which column which field, what the team's words mean.

Pure: a book in, a proposal out. Asking people and writing the mapping down is done elsewhere.
"""

from sheetsync.adopt.guessing import guess
from sheetsync.adopt.proposal import (
    MIXED,
    SURE,
    Alternative,
    ColumnGuess,
    ManagerGuess,
    Proposal,
    Skipped,
    TabGuess,
    WordGuess,
)

__all__ = [
    "MIXED",
    "SURE",
    "Alternative",
    "ColumnGuess",
    "ManagerGuess",
    "Proposal",
    "Skipped",
    "TabGuess",
    "WordGuess",
    "guess",
]
