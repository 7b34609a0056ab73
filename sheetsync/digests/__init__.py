"""Messages of the morning as data (METHOD point 10): what a manager is to do today, and how the department stands, for the head.

Pure: who gets what, in which words, and what was told already. Sending is `channels`' and `notifying`'s.
"""

from sheetsync.digests.digest import Digest, escaped, plain
from sheetsync.digests.memory import Memory, line_of, matter_key
from sheetsync.digests.morning import Morning, morning
from sheetsync.digests.stops import stopped

__all__ = ["Digest", "Memory", "Morning", "escaped", "line_of", "matter_key", "morning", "plain", "stopped"]
