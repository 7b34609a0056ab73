"""An existing base, guessed at: which tab is which section, which column which field, what the team's words mean.

Pure: a book in, a proposal out. Asking people and writing the mapping down is done elsewhere.
"""

from sheetsync.adoption.proposal import (
    MIXED,
    SURE,
    Alternative,
    ColumnGuess,
    ManagerGuess,
    Proposal,
    SkippedTab,
    TabGuess,
    WordGuess,
)
from sheetsync.adoption.propose import guess

__all__ = [
    "MIXED",
    "SURE",
    "Alternative",
    "ColumnGuess",
    "ManagerGuess",
    "Proposal",
    "SkippedTab",
    "TabGuess",
    "WordGuess",
    "guess",
]
