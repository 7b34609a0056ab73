"""What is the head of sales' own: who else types into “Extended to” or the settings is stopped.

METHOD point 8. Without the head's address they are warned. Each protection is made once and known
again by a mark in its description. What others protect from us is left alone.
"""

import hashlib
import re
from datetime import date
from typing import NamedTuple

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.rules.changes.authority import heads_addresses
from sheetsync.sheets.requests.cells import Request, whole_columns
from sheetsync.sheets.requests.tab_requests import protect
from sheetsync.workbook.snapshot import Grid, Guard, Tab

HEAD_FIELD = "extended_to"
"""The field that is the head's."""
_MARK = re.compile(r"\[sheetsync head [0-9a-f]{8}\]$")


class HeadProtection(NamedTuple):
    """A protection as it should be: its users, none where it only warns; its message and mark."""

    users: tuple[str, ...]
    message: str
    mark: str

    @property
    def description(self) -> str:
        """What stands on the protection in the spreadsheet."""
        return f"{self.message} {self.mark}"


def head_protection(
    policy: Policy, account: str | None, day: date | None = None
) -> HeadProtection:
    """Return the protection of the head's column, on a day for the head's deputy too.

    Without the head's address, or our account's, it only warns.

    It is the one column that stops people, as it costs managers whole-row edits.
    """
    message = language(policy.words.language).text(
        "Only the head of sales moves a deadline."
    )
    return _protection(policy, account, day, message)


def settings_protection(
    policy: Policy, account: str | None, day: date | None
) -> HeadProtection:
    """Return the protection of the whole Settings tab, as that of the head's column."""
    message = language(policy.words.language).text(
        "Only the head of sales changes the settings; every change is told to them."
    )
    return _protection(policy, account, day, message)


def _protection(
    policy: Policy, account: str | None, day: date | None, message: str
) -> HeadProtection:
    heads = heads_addresses(policy, day)
    users: tuple[str, ...] = ()
    if account and heads:
        users = (*heads, account)
    # Google adds the owner to the editors by itself: a protection is known by a digest of whom it
    # was made for.
    named = ",".join(users).lower()
    digest = hashlib.blake2b(named.encode(), digest_size=4).hexdigest()
    return HeadProtection(users, message, f"[sheetsync head {digest}]")


def is_heads(description: str) -> bool:
    """Tell whether a protection of this description is one that this room makes."""
    return _MARK.search(description) is not None


def protect_column(
    sheet_id: int, column: int, protection: HeadProtection
) -> Request:
    """Protect one whole column."""
    area = whole_columns(sheet_id, column, column + 1)
    return protect(area, protection.users, protection.description)


def settings_requests(
    grid: Grid | None, protection: HeadProtection
) -> list[Request]:
    """Return what brings the protection of the Settings tab up to date; none where it is none."""
    # What others protect from us is left alone.
    if grid is None or grid.guarded:
        return []
    requests: list[Request] = []
    kept: Guard | None = None
    for guard in grid.ours:
        if kept is None and guard.description.endswith(protection.mark):
            kept = guard
            continue
        requests.append(
            {"deleteProtectedRange": {"protectedRangeId": guard.number}}
        )
    if kept is None:
        area = {"sheetId": grid.sheet_id}
        requests.append(protect(area, protection.users, protection.description))
    return requests


def protection_requests(
    tab: Tab,
    column: int | None,
    policy: Policy,
    account: str | None,
    day: date | None = None,
) -> list[Request]:
    """Return what brings the protection of a tab's column up to date.

    `column`: where it will stand; None: nowhere. One that holds another field too is not the head's
    alone.
    """
    protection = head_protection(policy, account, day)
    fields = [*tab.fields.values()]
    if column is not None and fields.count(column) > 1:
        column = None
    kept = _first_fitting(tab.grid.ours, column, protection)
    requests: list[Request] = []
    for guard in tab.grid.ours:
        if guard is not kept:
            requests.append(
                {"deleteProtectedRange": {"protectedRangeId": guard.number}}
            )
    # What others protect from us is left alone.
    if column is not None and kept is None and not _closed(tab, column):
        requests.append(protect_column(tab.grid.sheet_id, column, protection))
    return requests


def _first_fitting(
    guards: tuple[Guard, ...], column: int | None, protection: HeadProtection
) -> Guard | None:
    """Return the first protection that is made for the same people and covers the column."""
    for guard in guards:
        made_for_them = guard.description.endswith(protection.mark)
        covered = range(guard.area.left, guard.area.right)
        if (
            made_for_them
            and column is not None
            and covered == range(column, column + 1)
        ):
            return guard
    return None


def _closed(tab: Tab, column: int) -> bool:
    """Tell whether others protect a part of the column from us."""
    return any(area.left <= column < area.right for area in tab.grid.guarded)
