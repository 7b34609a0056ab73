"""A rule in words: its number in its list, when it holds and where it sends a row (METHOD point 8).

Shown with each move, so that people can find the line of the policy that did it. Applying rules is
routes.py's.
"""

from collections.abc import Iterator, Sequence

from sheetsync.i18n import Language, marked
from sheetsync.method.codes import StateCode
from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import MIXED, Condition, Rule

NAMED_EACH = 2
"""So many states of work are named one by one; if more are all of them, they are told as such."""


def ruling(
    name: str, target: str | None, policy: Policy, language: Language
) -> str:
    """Return a rule as a sentence; "" for what is no rule.

    As "rule 3 of 4: reached “Contact 2” or further → “Strategic archive”". `target`: the section
    that a row goes to, which is not the rule's own where the row's state has sent it on from there;
    None: of the rule alone.
    """
    wording = _RuleWording(policy, language)
    for rules, numbered in (
        (policy.on_expiry, marked("rule {n} of {count}")),
        (policy.by_state, marked("state rule {n} of {count}")),
    ):
        for place, rule in enumerate(rules, start=1):
            if rule.name == name:
                number = language.text(numbered, n=place, count=len(rules))
                return f"{number}{wording.rule(rule, target)}"
    return _other_ruling(name, policy, language)


def _other_ruling(name: str, policy: Policy, language: Language) -> str:
    """Return what moves a row beside the policy's rules, in words."""
    if name == "refill":
        return language.text("refill: the list is short of companies")
    if name == "decision":
        return language.text("a person's decision")
    if name == "no_reason_given":
        days = policy.time.refusal_without_reason_days
        return language.plural(
            "a refusal may lack its reason for {n} day",
            "a refusal may lack its reason for {n} days",
            days,
        )
    if name == "renamed":
        return language.text("a row with another company's words")
    if name == "new_too_long":
        days = policy.time.new_in_working_days
        return language.plural(
            "a new company may wait for {n} day",
            "a new company may wait for {n} days",
            days,
        )
    return ""


def _shipped(policy: Policy) -> set[str]:
    """Return the names of the rules that come with the program."""
    method = template(policy.words.language)
    return {rule.name for rule in (*method.on_expiry, *method.by_state)}


class _RuleWording:
    """Puts conditions and destinations into words."""

    def __init__(self, policy: Policy, language: Language) -> None:
        self.policy = policy
        self.language = language
        self.text = language.text

    def rule(self, rule: Rule, target: str | None) -> str:
        """Return a rule without its number."""
        name = (
            ""
            # The shipped names are codes; those of a team's own rules say something to people.
            if rule.name in _shipped(self.policy)
            else f" {self.language.quoted(rule.name)}"
        )
        condition = ", ".join(self._parts(rule.when)) or self.text(
            "in all other cases"
        )
        return f"{name}: {condition} → {self._goal(rule, target)}"

    def _parts(self, when: Condition) -> Iterator[str]:
        """Go through what must hold of a row."""
        text = self.text
        if when.section is not None:
            yield text(
                "in {sections}", sections=self._or("sections", when.section)
            )
        if when.state is not None:
            yield self._states(when.state)
        if when.label is not None:
            yield text("label {labels}", labels=self._or("labels", when.label))
        if when.reached is not None:
            yield self._reached(when.reached)
        yield from self._flags(when)

    def _flags(self, when: Condition) -> Iterator[str]:
        text = self.text
        chosen = (
            text("the manager chose a section"),
            text("the manager chose no section"),
        )
        reason = (
            text("a reason of refusal is given"),
            text("no reason of refusal is given"),
        )
        amount = (text("an amount is given"), text("the amount is empty"))
        manager = (text("has a manager"), text("has no manager"))
        for asked, (yes, no) in (
            (when.chosen, chosen),
            (when.has_reason, reason),
            (when.has_amount, amount),
            (when.assigned, manager),
        ):
            if asked is not None:
                yield yes if asked else no

    def _states(self, states: Sequence[str]) -> str:
        work = {*self.policy.states_where("in_work"), StateCode.DEAL_SUPPORT}
        if len(states) > NAMED_EACH and {*states} == work:
            return self.text("any state of work")
        return self.text("state {states}", states=self._or("states", states))

    def _reached(self, states: Sequence[str]) -> str:
        clocked = self.policy.states_where("clocked")
        if states and tuple(states) == clocked[-len(states) :]:
            return self.text(
                "reached {state} or further",
                state=self._name("states", states[0]),
            )
        return self.text("reached {states}", states=self._or("states", states))

    def _name(self, kind: str, code: str) -> str:
        if code == MIXED:
            return self.text("a tab of several sections")
        return self._quoted(kind, code)

    def _quoted(self, kind: str, code: str) -> str:
        return self.language.quoted(self.policy.words.name(kind, code))

    def _or(self, kind: str, codes: Sequence[str]) -> str:
        if not codes:
            return ""
        *others, last = [self._name(kind, code) for code in codes]
        if not others:
            return last
        return self.text(
            "{names} or {last}", names=", ".join(others), last=last
        )

    def _goal(self, rule: Rule, target: str | None) -> str:
        """Return where a rule sends a row, and where that row went in the end."""
        text = self.text
        name = self._quoted("sections", target) if target else ""
        special = {
            "stay": text("stays where it is"),
            "person": text("a person decides"),
            "reason": text("the section of the reason"),
            "chosen": text("the chosen section"),
        }
        if rule.to in special:
            goal = special[rule.to]
            return (
                f"{goal}, {name}"
                if name and rule.to in ("reason", "chosen")
                else goal
            )
        own = self._quoted("sections", rule.to)
        if target in (None, rule.to):
            return own
        return text(
            "{section}, and from there {target}", section=own, target=name
        )
