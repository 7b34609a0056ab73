"""What stands beside all sums of a report, in words: amounts in currencies without a rate."""

from sheetsync.i18n import Language
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.values import sign_of


def beside_the_sums(facts: Facts, language: Language) -> str:
    """Say what no sum holds, in other currencies; "" where there is nothing."""
    if not facts.other_money:
        return ""
    sums = [
        f"{language.number(round(amount, 2))} {sign_of(code, language.code)}"
        for code, amount in facts.other_money.items()
    ]
    return language.text(
        "In none of the sums: + {sums}. Rates are typed on the settings tab.",
        sums=", + ".join(sums),
    )
