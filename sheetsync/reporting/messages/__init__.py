"""Messages of a day as data (METHOD point 10): what each manager is to do, how all stands.

Pure: who gets what, in which words, and what was told already. Sending is the delivery's.
"""

from sheetsync.reporting.messages.alarm import stopped_message
from sheetsync.reporting.messages.daily_messages import (
    DailyMessages,
    messages_of_day,
)
from sheetsync.reporting.messages.harmless_text import escaped, plain
from sheetsync.reporting.messages.message import Message
from sheetsync.reporting.messages.sent_log import (
    SentLog,
    journal_line_of,
    sentence_key,
)

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
