"""A rule in words: its number in its list, when it holds and where it sends a row (METHOD point 8).

Shown with each move, so that people can find the line of the policy that did it. Applying rules is routing's.
"""

from collections.abc import Iterator, Sequence

from sheetsync.i18n import Language, marked
from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import MIXED, Condition, Rule


def ruling(name: str, target: str | None, policy: Policy, language: Language) -> str:
    """Return a rule as a sentence, "rule 3 of 4: reached “Contact 2” or further → “Strategic archive”"; "" for what is no rule.

    `target`: the section that a row goes to; where that is not the rule's own, the row's state has sent it on from there. None:
    of the rule alone.
    """
    words, text = _Wording(policy, language), language.text
    for rules, numbered in (
        (policy.on_expiry, marked("rule {n} of {count}")),
        (policy.by_state, marked("state rule {n} of {count}")),
    ):
        at = next((at for at, rule in enumerate(rules, start=1) if rule.name == name), None)
        if at is not None:
            rule = rules[at - 1]
            number = text(numbered, n=at, count=len(rules))
            named = "" if name in _shipped(policy) else f" {language.quoted(name)}"
            return f"{number}{named}: {words.condition(rule.when)} → {words.goal(rule, target)}"
    if name == "refill":
        return text("refill: the list is short of companies")
    if name == "decision":
        return text("a person's decision")
    if name == "new_too_long":
        days = policy.time.new_in_working_days
        return language.plural(
            "a new company may wait for {n} day", "a new company may wait for {n} days", days
        )
    return ""


def _shipped(policy: Policy) -> set[str]:
    """Return the names of the rules that come with the program; those of a team's own say something to people."""
    method = template(policy.words.language)
    return {rule.name for rule in (*method.on_expiry, *method.by_state)}


class _Wording:
    """Puts conditions and destinations into words."""

    def __init__(self, policy: Policy, language: Language) -> None:
        self.policy, self.language, self.text = policy, language, language.text

    def condition(self, when: Condition) -> str:
        """Return what must hold of a row."""
        return ", ".join(self._parts(when)) or self.text("in all other cases")

    def _parts(self, when: Condition) -> Iterator[str]:
        text = self.text
        if when.section is not None:
            yield text("in {sections}", sections=self._or("sections", when.section))
        if when.state is not None:
            work = {*self.policy.states_where("in_work"), "deal_support"}
            whole = len(when.state) > 2 and {*when.state} == work  # noqa: PLR2004  # two are named faster
            yield (
                text("any state of work")
                if whole
                else text("state {states}", states=self._or("states", when.state))
            )
        if when.label is not None:
            yield text("label {labels}", labels=self._or("labels", when.label))
        if when.reached is not None:
            yield self._reached(when.reached)
        for wanted, yes, no in (
            (
                when.chosen,
                text("the manager chose a section"),
                text("the manager chose no section"),
            ),
            (
                when.has_reason,
                text("a reason of refusal is given"),
                text("no reason of refusal is given"),
            ),
            (when.has_amount, text("an amount is given"), text("the amount is empty")),
            (when.assigned, text("has a manager"), text("has no manager")),
        ):
            if wanted is not None:
                yield yes if wanted else no

    def _reached(self, states: Sequence[str]) -> str:
        clocked = self.policy.states_where("clocked")
        if states and tuple(states) == clocked[-len(states) :]:
            return self.text("reached {state} or further", state=self._name("states", states[0]))
        return self.text("reached {states}", states=self._or("states", states))

    def _name(self, kind: str, code: str) -> str:
        return self.language.quoted(self.policy.words.name(kind, code))

    def _or(self, kind: str, codes: Sequence[str]) -> str:
        names = [
            self.text("a tab of several sections") if code == MIXED else self._name(kind, code)
            for code in codes
        ]
        first, last = ", ".join(names[:-1]), names[-1] if names else ""
        return self.text("{names} or {last}", names=first, last=last) if first else last

    def goal(self, rule: Rule, target: str | None) -> str:
        """Return where a rule sends a row, and where that row went in the end."""
        text = self.text
        special = {
            "stay": text("stays where it is"),
            "person": text("a person decides"),
            "reason": text("the section of the reason"),
            "chosen": text("the chosen section"),
        }
        name = self._name("sections", target) if target else ""
        if rule.to in special:
            said = special[rule.to]
            return f"{said}, {name}" if name and rule.to in ("reason", "chosen") else said
        own = self._name("sections", rule.to)
        return (
            own
            if target in (None, rule.to)
            else text("{section}, and from there {target}", section=own, target=name)
        )
