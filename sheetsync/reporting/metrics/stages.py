"""Which states are which stage of a sale, as the policy orders them (METHOD point 6).

Codes alone; which company stands in which of them is `client_paths`'.
"""

from dataclasses import dataclass
from functools import cached_property

from sheetsync.method.codes import StateCode
from sheetsync.method.policy import Policy

PAID = (StateCode.DEAL_SUPPORT, StateCode.CLIENT)
"""The states in which a company has paid; a deal is an invoice only."""


@dataclass(frozen=True)
class Stages:
    """The states of a policy by stage, as codes."""

    policy: Policy

    @cached_property
    def in_work(self) -> tuple[str, ...]:
        """Work goes on and nothing is paid: contact 1 to deal."""
        return tuple(
            code
            for code in self.policy.states_where("in_work")
            if code not in PAID
        )

    @cached_property
    def contacts(self) -> tuple[str, ...]:
        """Stages before the deal: those in which the work clock may run out."""
        return tuple(
            code for code in self.in_work if self.policy.state[code].clocked
        )

    @cached_property
    def deals(self) -> tuple[str, ...]:
        """The invoice is issued, and not paid."""
        return tuple(
            code for code in self.in_work if not self.policy.state[code].clocked
        )

    @cached_property
    def paid(self) -> tuple[str, ...]:
        """Sold."""
        return tuple(code for code in PAID if code in self.policy.state)

    @cached_property
    def funnel(self) -> tuple[str, ...]:
        """The stages in their order, from the first contact to the client."""
        return (*self.in_work, *self.paid)

    @cached_property
    def rank(self) -> dict[str, int]:
        """Where each stage stands in the funnel, from 0, in the funnel's order."""
        return {code: rank for rank, code in enumerate(self.funnel)}

    @cached_property
    def away(self) -> tuple[str, ...]:
        """Put away: a refusal, the reserve, waiting to be called again.

        `new` is not: it has never been worked.
        """
        # Of the states that are no stage, `new` alone counts to the limit of a list.
        rest = [
            state for state in self.policy.states if state.code not in self.rank
        ]
        return tuple(state.code for state in rest if not state.counts_to_cap)
