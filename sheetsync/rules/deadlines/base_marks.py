"""What clocks ask of the base beside its cells: proofs of sales, and what labels are told by."""

from collections.abc import Collection

import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.rules.deadlines.measures import measures
from sheetsync.rules.deadlines.sale_proofs import with_proof_marks
from sheetsync.workbook.snapshot import Snapshot


def with_marks(
    base: pd.DataFrame,
    snapshot: Snapshot,
    policy: Policy,
    by_head: Collection[str] = (),
) -> pd.DataFrame:
    """Return the base (the snapshot's rows, with ids) as `clocks` asks for it.

    `by_head`: ids of which the head of sales has said that they are sold.
    """
    marked = with_proof_marks(base, snapshot, policy, by_head)
    if any(label.at_least is not None for label in policy.labels):
        return marked.assign(measure=measures(snapshot.tabs, policy))
    # No label begins at an amount, so that nothing is to be measured.
    return marked.assign(measure=float("nan"))
