"""Who has the rights of the head of sales, and whether anything keeps others from them.

METHOD point 8. What stops people is the service's protection, which names addresses: without one,
and in a file, whoever types is an editor without a name, and it is said so.
"""

import re
from datetime import date

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.workbook.snapshot import Snapshot, own_titles

_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")


def heads_addresses(policy: Policy, day: date | None) -> tuple[str, ...]:
    """Return the addresses of those with the head's rights on a day; none without the head's own.

    `day` None: the head's alone.
    """
    head = policy.head.email.strip()
    if not _ADDRESS.fullmatch(head):
        return ()
    people = (policy.head,) if day is None else policy.heads(day)
    addresses = [person.email.strip() for person in people]
    valid = [address for address in addresses if _ADDRESS.fullmatch(address)]
    return tuple(dict.fromkeys(valid))


def is_guarded(snapshot: Snapshot, policy: Policy) -> bool:
    """Tell whether the head's own cells are kept from others at all."""
    return not snapshot.local and bool(heads_addresses(policy, None))


def settings_are_guarded(snapshot: Snapshot, policy: Policy) -> bool:
    """Tell whether the Settings tab, as it was read, was kept from others."""
    grid = snapshot.book.titled(*own_titles(policy, "settings"))
    if grid is None or not is_guarded(snapshot, policy):
        return False
    return any(not guard.warns for guard in grid.ours)


def unnamed(language: Language) -> str:
    """Return how somebody is called whom nothing names."""
    return language.text("by an unnamed editor")


def why_unguarded(snapshot: Snapshot, language: Language) -> str:
    """Say that authority is unguarded, and why."""
    text = language.text
    if snapshot.local:
        return text(
            "Authority is unguarded: in a file anybody may change settings and answer as the head "
            "of sales. What is done so is journalled as “by an unnamed editor”."
        )
    return text(
        "Authority is unguarded: the settings name no e-mail of the head of sales, so that every "
        "editor may change them and answer as the head. What is done so is journalled as “by an "
        "unnamed editor”."
    )
