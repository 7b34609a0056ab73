"""An existing base, guessed at: sections of its tabs, fields of its columns, meanings of its words.

Pure: a book in, a proposal out. Asking people and writing the mapping down is done elsewhere.
"""

from sheetsync.adoption.proposal import (
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
