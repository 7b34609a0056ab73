"""Policies changed in parts, built anew so that nothing that was looked up before is remembered."""

from collections.abc import Mapping
from typing import Any

from sheetsync.method.policy import Policy
from sheetsync.method.terms import Cap, Label


def changed(policy: Policy, **parts: Any) -> Policy:
    """Return a policy with some of its fields replaced."""
    kept = {name: getattr(policy, name) for name in Policy.model_fields}
    return Policy.model_construct(**{**kept, **parts})


def capped(policy: Policy, low: int, high: int, refill: str = "off", **parts: Any) -> Policy:
    """Return a policy whose working lists hold from `low` to `high` companies."""
    return changed(
        policy, cap=Cap.model_validate({"min": low, "max": high, "refill": refill}), **parts
    )


def measured(policy: Policy, thresholds: Mapping[str, float], by: str = "amount") -> Policy:
    """Return a policy whose labels begin at these amounts."""
    labels = tuple(
        Label(
            code=label.code, deadline_days=label.deadline_days, at_least=thresholds.get(label.code)
        )
        for label in policy.labels
    )
    return changed(policy, labels=labels, label_by=by)
