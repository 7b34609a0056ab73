"""A base of thousands of rows, where columns are asked otherwise than in a small one, is decided like a small one."""

from collections import Counter
from typing import TYPE_CHECKING

from sheetsync.workbook.frame_rows import MANY

if TYPE_CHECKING:
    from sheetsync.workbook.plan import Plan
    from tests.builders.base import Base

TABLE = """
section   | company | state            | label | manager | began      | refusal_reason | last_contact
working   | Acme    | 1st contact      | Large | Ann     | 2025-12-01 |                | 2026-01-05
working   | Beta    | 2nd contact      | Small | Ann     | 2026-02-27 |                | 2026-02-28
working   | Gamma   | Refusal          |       | Bob     | 2026-02-01 | No money       | 2026-02-28
call_base | Delta   | New              |       |         |            |                |
rework    | Epsilon | Refusal          |       | Bob     |            | No money       | junk
clients   | Zeta    | Client           |       | Ann     | junk       |                | 2026-02-28
"""
TIMES = MANY // 6 + 1


def moves(plan: "Plan") -> Counter[tuple[str, str, str, str]]:
    return Counter((move.company, move.target, move.rule, move.reason) for move in plan.moves)


def test_each_row_is_decided_as_in_a_small_base(play: "type[Base]") -> None:
    small, large = play(TABLE), play(TABLE)
    large.rows = [dict(row) for row in large.rows for _ in range(TIMES)]
    few, many = small.decide("2026-03-02"), large.decide("2026-03-02")
    assert moves(few)
    assert moves(many) == dict.fromkeys(moves(few), TIMES)
    found = Counter(problem.code for problem in few.problems if problem.row)
    among_many = Counter(problem.code for problem in many.problems if problem.row)
    # A row that was copied is a repetition of its like, which it is not among a few.
    del among_many["repeated"]
    assert among_many == {code: times * TIMES for code, times in found.items()}
