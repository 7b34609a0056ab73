"""Which step of a client's state follows which, and whether a contact stands behind one.

By the policy's matrix of states (METHOD point 6). What is said of a step is checks/'s.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.method.policy import Policy


def resting(policy: Policy) -> frozenset[str]:
    """Return the states of companies that are not worked just now: they belong in archives."""
    archives = {section.code for section in policy.sections if section.archive}
    states: set[str] = set()
    for rule in policy.by_state:
        if rule.to == "reason" or rule.to in archives:
            states.update(rule.when.state or ())
    return frozenset(states)


def judged(before: str, after: str, section: str, policy: Policy) -> str | None:
    """Return what a change of state is by the matrix: None, `skipped_step` or `backward_step`.

    None where it is allowed, or of a state that is not known.
    """
    known = before in policy.state and after in policy.state
    if not known or before == after or after in policy.state[before].next:
        return None
    # A repeat sale that came to nothing may end where it began.
    if section == SectionCode.CLIENTS and after == StateCode.CLIENT:
        return None
    order = [*policy.state]
    # The order of states says nothing of archives: out of one all but the first state skip steps.
    leaves_archive = before in resting(policy) and after != order[0]
    ahead = leaves_archive or order.index(after) > order.index(before)
    return "skipped_step" if ahead else "backward_step"


def contact_made(last: Any, step: Mapping[str, Any]) -> bool:
    """Tell whether a contact stands behind a change of state (the data of its line in the Journal).

    `last`: the row's last contact; one from before the state before was set does not.
    """
    if last is None or pd.isna(last):
        return False
    # Days are ISO text, which sorts as days do; a day that is not known sorts before all others.
    day = str(last)[:10]
    since = step.get("since") or ""
    # A day has no hours: a contact of that same day counts only if it was written down since.
    return day > since or (day == since and day != step.get("contact"))
