"""Which step of a client's state follows which, by the policy's matrix, and whether a contact stands behind one (METHOD point 6)."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sheetsync.method.policy import Policy


def resting(policy: Policy) -> frozenset[str]:
    """Return the states of companies that are not worked just now: those whose rows the rules send to an archive."""
    archives = {section.code for section in policy.sections if section.archive}
    sent = (rule for rule in policy.by_state if rule.to == "reason" or rule.to in archives)
    return frozenset(code for rule in sent for code in rule.when.state or ())


def judged(before: str, after: str, section: str, policy: Policy) -> str | None:
    """Return what a change of state is by the matrix: None where it is allowed, else `skipped_step` or `backward_step`.

    Out of an archive every state but the first leaves steps out. A repeat sale that came to nothing may end where it began.
    """
    if (
        before == after
        or before not in policy.state
        or after not in policy.state
        or after in policy.state[before].next
    ):
        return None
    if section == "clients" and after == "client":
        return None
    order = [*policy.state]
    ahead = order.index(after) > order.index(before) or (
        before in resting(policy) and after != order[0]
    )
    return "skipped_step" if ahead else "backward_step"


def contact_made(last: object, step: Mapping[str, Any]) -> bool:
    """Tell whether a contact stands behind a change of state.

    `last`: the row's last contact. One of a later day than that on which the state before was set always does, one of that same
    day only if it was written down since.
    """
    if last is None or pd.isna(last):  # type: ignore[call-overload,unused-ignore]  # a scalar of a frame
        return False
    day = str(last)[:10]
    since = step.get("since") or ""
    return day > since or (day == since and day != step.get("contact"))
