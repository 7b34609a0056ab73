"""Messages of the morning as data (METHOD point 10): what a manager is to do today, and how the department stands, for the head.

Pure: who gets what, in which words, and what was told already. Sending is `channels`' and `notifying`'s.
"""

from sheetsync.reporting.messages.alarm import stopped
from sheetsync.reporting.messages.daily import Morning, morning
from sheetsync.reporting.messages.message import Digest, escaped, plain
from sheetsync.reporting.messages.sent_log import Memory, line_of, matter_key

__all__ = [
    "Digest",
    "Memory",
    "Morning",
    "escaped",
    "line_of",
    "matter_key",
    "morning",
    "plain",
    "stopped",
]
