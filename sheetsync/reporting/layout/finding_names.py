"""What the findings of rows are called where they are counted by kind."""

from collections.abc import Mapping
from types import MappingProxyType

from sheetsync.i18n import marked

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "incomplete": marked("what the state asks for is missing"),
        "no_company": marked("no company"),
        "no_state": marked("no state"),
        "no_manager": marked("no manager"),
        "no_contact": marked("neither phone nor e-mail"),
        "unknown_state": marked("state that nobody knows"),
        "unknown_manager": marked("manager that nobody knows"),
        "unknown_refusal_reason": marked("reason that nobody knows"),
        "future_date": marked("date in the future"),
        "contradiction": marked("the row says two things at once"),
        "new_too_long": marked("new, and not called for too long"),
        "stays_too_long": marked("in one state for too long"),
        "step_too_far": marked("next step too far ahead"),
        "needs_consent": marked(
            "comes back too soon: the head of sales decides"
        ),
        "extension_refused": marked("extension that does not count"),
        "held_by_fault": marked("cannot be moved: the row has a mistake"),
        "cap": marked("cannot be moved: the list is full"),
        "unsettled": marked("rules that contradict each other"),
        "sold_unproved": marked("sold without proof"),
        "wrong_on_expiry": marked("a choice on expiry that nobody has"),
        "unread_goes_on": marked("cannot be read, and its time goes on"),
        "never_read": marked("never readable: the head of sales decides"),
        "suggested_step": marked("the algorithm suggests a step"),
        "late_by_algorithm": marked("late by the algorithm"),
        "label_raised": marked("label raised in work, without more time"),
    }
)
"""What a finding of each code is called.

All others are cells that cannot be read, or are told in their own words.
"""
UNREADABLE = marked("cells that cannot be read")
