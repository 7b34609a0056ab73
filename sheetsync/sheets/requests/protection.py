"""The head of sales' own column: who else types into “Extended to” is stopped, or warned (METHOD point 8).

Where the head's e-mail is known, a protection of the column names the head and the program's account; else it only warns.
Each is made once, known again by a mark in its description, and made anew where the head, the account or the column's place
has changed. What others protect from us is left alone.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import NamedTuple

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.sheets.requests.cells import Request
from sheetsync.sheets.requests.own_tab_requests import protect
from sheetsync.workbook.snapshot import CellArea, Tab

HEAD_FIELD = "extended_to"
"""The field that is the head's."""
_MARK = re.compile(r"\[sheetsync head ([0-9a-f]{8})\]$")
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")


class HeadProtection(NamedTuple):
    """A protection as it should be: the users it names, none where it only warns, and its description."""

    users: tuple[str, ...]
    description: str

    @property
    def mark(self) -> str:
        """What it is known by."""
        return self.description[-len("[sheetsync head 12345678]") :]


def head_protection(policy: Policy, account: str | None) -> HeadProtection:
    """Return the protection of the head's column. Without the head's address, or our account's, it only warns."""
    head = policy.head.email.strip()
    users = (head, account) if account and _ADDRESS.fullmatch(head) else ()
    digest = hashlib.blake2b(",".join(users).lower().encode(), digest_size=4).hexdigest()
    said = language(policy.words.language).text("Only the head of sales moves a deadline.")
    return HeadProtection(users, f"{said} [sheetsync head {digest}]")


def is_heads(description: str) -> bool:
    """Tell whether a protection of this description is one that this room makes."""
    return _MARK.search(description) is not None


def protect_column(sheet_id: int, at: int, protection: HeadProtection) -> Request:
    """Protect one whole column."""
    return protect(
        {"sheetId": sheet_id, "startColumnIndex": at, "endColumnIndex": at + 1},
        protection.users,
        protection.description,
    )


def protection_requests(
    tab: Tab, at: int | None, policy: Policy, account: str | None
) -> list[Request]:
    """Return what brings the protection of a tab's column up to date. `at`: where the column will stand; None: nowhere."""
    protection, grid = head_protection(policy, account), tab.grid
    shared = at is not None and [*tab.fields.values()].count(at) > 1
    kept, dropped = list[int](), list[int]()
    for ours in grid.ours:
        fits = ours.description.endswith(protection.mark) and (ours.area.left, ours.area.right) == (
            at,
            (at or 0) + 1,
        )
        (kept if fits and not kept and not shared else dropped).append(ours.number)
    made: list[Request] = [
        {"deleteProtectedRange": {"protectedRangeId": number}} for number in dropped
    ]
    if at is None or kept or shared or _closed(grid.guarded, at):
        return made
    return [*made, protect_column(grid.sheet_id, at, protection)]


def _closed(guarded: Sequence[CellArea], at: int) -> bool:
    """Tell whether others protect a part of the column from us."""
    return any(area.left <= at < area.right for area in guarded)
