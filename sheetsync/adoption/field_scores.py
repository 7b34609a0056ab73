"""How well a column's values suit a field, and what heading and values say together.

`fit` is from 0 (cannot be it) to 1; None where the values say nothing either way.
"""

from typing import NamedTuple

from sheetsync.adoption.value_profiles import Shape
from sheetsync.method.policy import Policy

DATES = (
    "last_contact",
    "next_on",
    "created_on",
    "began",
    "invoice_on",
    "paid_on",
    "return_on",
    "extended_to",
)
WORDS = {
    "state": "state",
    "label": "label",
    "category": "category",
    "refusal_reason": "reason",
    "on_expiry": "section",
}
"""Fields of words -> the type whose dictionary they come from."""

ALONE = {
    "email": 0.92,
    "tax_number": 0.9,
    "phone": 0.88,
    "state": 0.88,
    "company": 0.85,
    "label": 0.85,
    "refusal_reason": 0.82,
    "person": 0.7,
    "role": 0.65,
    "city": 0.65,
    "category": 0.62,
    "on_expiry": 0.5,
    "next_step": 0.5,
    "manager": 0.5,
    "comment": 0.45,
    "amount": 0.4,
    "source": 0.45,
    "probability": 0.35,
    "last_contact": 0.36,
    "next_on": 0.35,
    "created_on": 0.34,
    "began": 0.33,
}
"""How sure values alone can make one of a field, where no heading helps."""

TELLING = frozenset(("email", "tax_number", "phone", "state", "company", "label", "refusal_reason"))
"""Fields whose values overrule a heading that says something else, or nothing."""

_FEW, _MANY = 3, 8
_SOME, _HALF, _MOST, _SHORT = 0.2, 0.5, 0.7, 30


class Together(NamedTuple):
    """The score of a column for a field, and why."""

    score: float
    why: str


def typed(shape: Shape) -> str:
    """Return what most of the cells are beyond doubt, or nothing."""
    tax, phone = shape.share("tax_number"), shape.share("phone")
    best = max(
        (shape.share("email"), "email"),
        (tax if tax >= phone else 0.0, "tax_number"),
        (phone, "phone"),
        (shape.share("url"), "url"),
        (shape.share("date"), "date"),
        (_numeric(shape), "number"),
        (shape.share("boolean"), "boolean"),
    )
    return best[1] if best[0] >= 0.6 else ""  # noqa: PLR2004  # most of them


def _numeric(shape: Shape) -> float:
    return shape.share("number") + shape.share("amount") + shape.share("digits")


def _amounts(shape: Shape) -> float:
    phones = max(shape.share("phone"), shape.share("tax_number"))
    if shape.share("counter") > 0.8 or phones > 0.5 or shape.share("date") > 0.9:  # noqa: PLR2004  # these are no sums
        return 0.0
    return min(1.0, _numeric(shape))


def few_words(shape: Shape) -> bool:
    """Tell whether a few short texts come again and again, as words of a list do."""
    short = shape.share("text") >= _MOST and shape.length <= _SHORT
    return short and shape.kinds <= max(2, min(40, shape.filled * 0.4))


def _of_words(field: str, shape: Shape) -> float | None:
    share = shape.share(f"word:{WORDS[field]}")
    if share >= 0.5 or shape.filled < _FEW:  # noqa: PLR2004  # most words known is proof enough
        return share or None
    if typed(shape) or any(shape.share(f"word:{kind}") >= 0.6 > share for kind in WORDS.values()):  # noqa: PLR2004
        return 0.0
    if few_words(shape) or shape.filled < _MANY or field in ("category", "refusal_reason"):
        return 0.55 if share >= 0.2 else None  # noqa: PLR2004  # a team has words of its own
    return max(share, 0.1)


def _of_text(field: str, shape: Shape) -> float | None:
    listed = max(shape.share("word:state"), shape.share("word:label"))
    if typed(shape) or (listed >= 0.7 and field not in ("next_step", "contact_result")):  # noqa: PLR2004  # steps read as states do
        return 0.0
    person, company = shape.share("person"), shape.share("company")
    if field == "company":  # a patronymic is a person's beyond doubt; two capitals may be anybody's
        return (
            min(1.0, company + 0.3)
            if company >= _SOME
            else 0.35
            if shape.share("patronymic") >= _HALF
            else None
        )
    if field == "person":
        named = max(person, shape.share("patronymic"))
        return named if named >= 0.5 else 0.1 if company >= 0.4 else None  # noqa: PLR2004  # names, or certainly none
    if field == "manager":
        if shape.filled >= _MANY and not few_words(shape):
            return 0.15 if shape.distinct > 0.7 else None  # noqa: PLR2004  # a team has fewer people than clients
        return 0.6 if few_words(shape) and shape.filled >= _MANY else None
    trait = {
        "role": "role",
        "city": "city",
        "next_step": "step",
        "source": "source",
        "comment": "sentence",
    }.get(field, "")
    share = shape.share(trait) if trait else 0.0
    return share if share >= 0.3 else None  # noqa: PLR2004  # few of them prove nothing


def fit(field: str, kind: str, shape: Shape) -> float | None:  # noqa: PLR0911  # a table of types, a line each
    """Say how well values suit a field of type `kind`."""
    if not shape.filled:
        return None
    if field in WORDS:
        return _of_words(field, shape)
    if kind == "date":
        return shape.share("date") if shape.share("date") >= 0.15 or shape.filled >= _FEW else None  # noqa: PLR2004
    if kind == "amount":
        return _amounts(shape)
    if kind == "share":
        return max(shape.share("share"), 0.6 * _amounts(shape) if shape.length <= 4 else 0.0)  # noqa: PLR2004  # 5 to 100
    if kind == "email":
        return max(shape.share("email"), shape.share("has_email") * 0.9)
    if kind == "phone":
        return _phones(shape)
    if kind == "tax_number":
        return max(
            shape.share("tax_number"), 0.6 * shape.share("long_number"), 0.55 * shape.share("code")
        )
    return _of_text(field, shape)


def _phones(shape: Shape) -> float:
    sure = max(shape.share("phone"), shape.share("has_phone") * 0.9)
    return sure if shape.share("tax_number") < 0.7 else 0.1  # noqa: PLR2004  # one number in ten has a good checksum by chance


def alone(field: str, kind: str, shape: Shape, *, headed: bool) -> float:
    """Say how far values alone make a column a field; a heading that says something else speaks against it."""
    suits = fit(field, kind, shape)
    if suits is None or field not in ALONE or shape.filled < _FEW:
        return 0.0
    if field == "tax_number":
        suits = shape.share("tax_number")  # without a heading only a checksum tells it from a phone
    if field in TELLING:
        return ALONE[field] * suits if suits >= 0.6 else 0.0  # noqa: PLR2004  # most of them
    return ALONE[field] * suits * (0.3 if headed else 1.0)


def together(field: str, policy: Policy, heading: float, shape: Shape, *, headed: bool) -> Together:
    """Put together what a heading says (0 to 1) and what the values say."""
    kind = policy.column[field].type
    suits = fit(field, kind, shape)
    why = "alias" if heading >= 0.99 else "similar"  # noqa: PLR2004  # 1, but for rounding
    by_values = Together(alone(field, kind, shape, headed=headed), "values")
    if heading < 0.3:  # noqa: PLR2004  # says nothing
        return by_values
    if suits is None:
        said = Together(heading * 0.92, why)
    elif suits >= 0.5 and heading >= 0.5:  # noqa: PLR2004  # most values agree
        said = Together(heading + (1 - heading) * 0.55 * suits, why + "+values")
    elif suits >= 0.5:  # noqa: PLR2004  # they agree with a heading that may mean several things
        said = Together(heading, why + "+values")
    else:
        said = Together(heading * (0.3 + 1.1 * suits), why)
    return max(said, by_values)
