"""The sections, states and labels that code must know, by their codes (METHOD points 3, 4 and 6).

What they are called, and what else a team has of them, is the policy's: its rules and words name
any code.
"""

from enum import StrEnum


class SectionCode(StrEnum):
    """The sections of every base (METHOD point 3). A member is its code, as frames have it."""

    WORKING = "working"
    CALL_BASE = "call_base"
    REWORK = "rework"
    STRATEGIC = "strategic"
    HARD_REFUSAL = "hard_refusal"
    CLIENTS = "clients"


class StateCode(StrEnum):
    """The states that rules in code speak of (METHOD point 6); the policy has all of them."""

    NEW = "new"
    CONTACT_1 = "contact_1"
    CONTACT_2 = "contact_2"
    CONTACT_3 = "contact_3"
    REFUSAL = "refusal"
    DEAL = "deal"
    STRATEGIC_RESERVE = "strategic_reserve"
    CALL_ROUND = "call_round"
    DEAL_SUPPORT = "deal_support"
    CLIENT = "client"


class LabelCode(StrEnum):
    """The labels that code must know by name (METHOD point 4)."""

    LARGE = "large"
    OFF_PROFILE = "off_profile"
