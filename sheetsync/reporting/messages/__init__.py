"""Messages of the morning as data (METHOD point 10): what a manager is to do today, and how the department stands, for the head.

Pure: who gets what, in which words, and what was told already. Sending is `channels`' and `notifying`'s.
"""

from sheetsync.reporting.messages.alarm import stopped_message
from sheetsync.reporting.messages.daily_messages import DailyMessages, messages_of_day
from sheetsync.reporting.messages.message import Message, escaped, plain
from sheetsync.reporting.messages.sent_log import SentLog, journal_line_of, sentence_key

__all__ = [
    "DailyMessages",
    "Message",
    "SentLog",
    "escaped",
    "journal_line_of",
    "messages_of_day",
    "plain",
    "sentence_key",
    "stopped_message",
]
