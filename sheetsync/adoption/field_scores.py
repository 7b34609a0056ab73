"""How well a column's values suit a field, and what its heading and its values say together.

What the heading alone says comes from `field_lexicon`; which column a field gets of several is
decided in `column_guesses`. A fit is from 0 (the values cannot be it) to 1; None where they say
nothing either way.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sheetsync.adoption.value_profiles import ValueProfile
from sheetsync.method.policy import Policy

WORD_FIELDS = {
    "state": "state",
    "label": "label",
    "category": "category",
    "refusal_reason": "reason",
    "on_expiry": "section",
}
"""Fields of words -> the type of column whose dictionary they come from."""

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

TELLING = frozenset(
    (
        "email",
        "tax_number",
        "phone",
        "state",
        "company",
        "label",
        "refusal_reason",
    )
)
"""Fields whose values overrule a heading that says something else, or nothing."""

_TRAITS = {
    "role": "role",
    "city": "city",
    "next_step": "step",
    "source": "source",
    "comment": "sentence",
}
"""Fields of text -> the trait of their values."""

_FEW, _MANY = 3, 8
"""Fewer cells prove nothing; so many show how a column is used."""
_HALF, _MOST, _LISTED = 0.5, 0.6, 0.7
"""Shares of cells: as good as proof; beyond doubt; a list of words."""
_SHORT = 30
"""Characters of a word of a list."""

_SAYS_NOTHING, _CLEAR, _EXACT = 0.3, 0.5, 0.99
"""Scores of a heading: it says nothing below; one field is meant; 1, but for rounding."""
_BELIEVED = 0.84
"""The score of a known heading above values that neither suit it nor anything else."""


class FieldScore(NamedTuple):
    """The score of a column for a field, and why: alias, similar, values, or two of them."""

    score: float
    why: str


def typed(profile: ValueProfile) -> str:
    """Return what most of the cells are beyond doubt, or nothing."""
    tax = profile.share("tax_number")
    phone = profile.share("phone")
    shares = {
        "email": profile.share("email"),
        # A number that is a phone in more cells is no tax number.
        "tax_number": tax if tax >= phone else 0.0,
        "phone": phone,
        "url": profile.share("url"),
        "date": profile.share("date"),
        "number": _numeric_share(profile),
        "boolean": profile.share("boolean"),
    }
    share, trait = max((share, trait) for trait, share in shares.items())
    return trait if share >= _MOST else ""


def _numeric_share(profile: ValueProfile) -> float:
    return (
        profile.share("number")
        + profile.share("amount")
        + profile.share("digits")
    )


def is_list_of_words(profile: ValueProfile) -> bool:
    """Tell whether a few short texts come again and again, as words of a list do."""
    if profile.share("text") < _LISTED or profile.mean_length > _SHORT:
        return False
    return profile.distinct_texts <= max(2, min(40, profile.filled * 0.4))


def _fit_of_amounts(profile: ValueProfile) -> float:
    # A slip or two does not make sums of a column that counts its rows.
    counts_rows = profile.share("counter") > 0.8  # noqa: PLR2004
    # A sum may look like a day by chance; a whole column of them does not.
    is_date = profile.share("date") > 0.9  # noqa: PLR2004
    is_phone = max(profile.share("phone"), profile.share("tax_number")) > _HALF
    if counts_rows or is_date or is_phone:
        return 0.0
    return min(1.0, _numeric_share(profile))


def _fit_of_shares(profile: ValueProfile) -> float:
    share = profile.share("share")
    # The longest share is “100%”: longer numbers without the sign are amounts.
    if profile.mean_length > 4:  # noqa: PLR2004
        return share
    return max(share, 0.6 * _fit_of_amounts(profile))


def _fit_of_dates(profile: ValueProfile) -> float | None:
    share = profile.share("date")
    # Of two cells without a date nothing follows.
    return None if share < 0.15 and profile.filled < _FEW else share  # noqa: PLR2004


def _fit_of_emails(profile: ValueProfile) -> float:
    return max(profile.share("email"), profile.share("has_email") * 0.9)


def _fit_of_phones(profile: ValueProfile) -> float:
    # One number in ten has right check digits by chance; a column of them are tax numbers.
    if profile.share("tax_number") >= 0.7:  # noqa: PLR2004
        return 0.1
    return max(profile.share("phone"), profile.share("has_phone") * 0.9)


def _fit_of_tax_numbers(profile: ValueProfile) -> float:
    long_numbers = profile.share("long_number")
    codes = profile.share("code")
    return max(profile.share("tax_number"), 0.6 * long_numbers, 0.55 * codes)


def _fit_of_words(field: str, profile: ValueProfile) -> float | None:
    share = profile.share(f"word:{WORD_FIELDS[field]}")
    if share >= _HALF or profile.filled < _FEW:
        return share or None
    if typed(profile) or _is_of_another_dictionary(share, profile):
        return 0.0
    if not _may_be_own_words(field, profile):
        return max(share, 0.1)
    # A team has words of its own, so that a few known ones speak for the field.
    return 0.55 if share >= 0.2 else None  # noqa: PLR2004


def _is_of_another_dictionary(share: float, profile: ValueProfile) -> bool:
    best = max(profile.share(f"word:{kind}") for kind in WORD_FIELDS.values())
    return best >= _MOST > share


def _may_be_own_words(field: str, profile: ValueProfile) -> bool:
    if field in ("category", "refusal_reason") or profile.filled < _MANY:
        return True
    return is_list_of_words(profile)


def _fit_of_text(field: str, profile: ValueProfile) -> float | None:
    if typed(profile) or _is_states_or_labels(field, profile):
        return 0.0
    if field in _FITS_BY_FIELD:
        return _FITS_BY_FIELD[field](profile)
    share = profile.share(_TRAITS.get(field, ""))
    # A few such texts prove nothing, neither for the field nor against it.
    return share if share >= 0.3 else None  # noqa: PLR2004


def _is_states_or_labels(field: str, profile: ValueProfile) -> bool:
    """Tell a column of states or labels; steps, and what came of them, read like one."""
    if field in ("next_step", "contact_result"):
        return False
    return (
        max(profile.share("word:state"), profile.share("word:label")) >= _LISTED
    )


def _fit_of_companies(profile: ValueProfile) -> float | None:
    share = profile.share("company")
    # Many companies are written without their legal form: a share of forms stands for more.
    if share >= 0.2:  # noqa: PLR2004
        return min(1.0, share + 0.3)
    # A patronymic is a person's beyond doubt; two capitals may be anybody's.
    return 0.35 if profile.share("patronymic") >= _HALF else None


def _fit_of_people(profile: ValueProfile) -> float | None:
    share = max(profile.share("person"), profile.share("patronymic"))
    if share >= _HALF:
        return share
    # So many legal forms are certainly no people's; without them a text may be any name.
    return 0.1 if profile.share("company") >= 0.4 else None  # noqa: PLR2004


def _fit_of_managers(profile: ValueProfile) -> float | None:
    if profile.filled < _MANY:
        return None
    if is_list_of_words(profile):
        return 0.6
    # A team has fewer people than clients.
    return 0.15 if profile.distinct_share > 0.7 else None  # noqa: PLR2004


_Fit = Callable[[ValueProfile], float | None]
_FITS_BY_FIELD: Mapping[str, _Fit] = {
    "company": _fit_of_companies,
    "person": _fit_of_people,
    "manager": _fit_of_managers,
}
_FITS_BY_TYPE: Mapping[str, _Fit] = {
    "date": _fit_of_dates,
    "amount": _fit_of_amounts,
    "share": _fit_of_shares,
    "email": _fit_of_emails,
    "phone": _fit_of_phones,
    "tax_number": _fit_of_tax_numbers,
}


def fit(field: str, kind: str, profile: ValueProfile) -> float | None:
    """Say how well values suit a field of type `kind`."""
    if not profile.filled:
        return None
    if field in WORD_FIELDS:
        return _fit_of_words(field, profile)
    if kind in _FITS_BY_TYPE:
        return _FITS_BY_TYPE[kind](profile)
    return _fit_of_text(field, profile)


def score_by_values(
    field: str, kind: str, profile: ValueProfile, *, headed: bool
) -> float:
    """Say how far values alone make a column a field.

    `headed`: it has a heading, which says something else and so speaks against it.
    """
    if field not in ALONE or profile.filled < _FEW:
        return 0.0
    # Without a heading only its check digits tell a tax number from a phone.
    suits = (
        profile.share(field)
        if field == "tax_number"
        else fit(field, kind, profile)
    )
    if suits is None:
        return 0.0
    if field in TELLING:
        return ALONE[field] * suits if suits >= _MOST else 0.0
    return ALONE[field] * suits * (0.3 if headed else 1.0)


def field_score(
    field: str,
    policy: Policy,
    heading: float,
    profile: ValueProfile,
    *,
    headed: bool,
) -> FieldScore:
    """Put together what a heading says (0 to 1) and what the values say."""
    kind = policy.column[field].type
    by_values = FieldScore(
        score_by_values(field, kind, profile, headed=headed), "values"
    )
    if heading < _SAYS_NOTHING:
        return by_values
    suits = fit(field, kind, profile)
    by_heading = _score_by_heading(heading, suits)
    is_doubted = suits is not None and suits < _HALF
    # What a team has written above a column counts for more than values that tell nothing.
    if heading >= _EXACT and is_doubted and not _is_other(field, kind, profile):
        by_heading = FieldScore(max(_BELIEVED, by_heading.score), "alias")
    return max(by_heading, by_values)


def _is_other(field: str, kind: str, profile: ValueProfile) -> bool:
    """Tell whether values that do not suit a field are plainly something else."""
    kind_held = typed(profile)
    # Numbers of other countries look like phones and sums.
    if field == "tax_number":
        return kind_held in ("email", "url", "date")
    # Sums that rise by one are rare, and numbers all the same.
    if kind == "amount" and kind_held == "number":
        return False
    if kind_held or field in WORD_FIELDS:
        return True
    return kind not in _FITS_BY_TYPE and _is_states_or_labels(field, profile)


def _score_by_heading(heading: float, suits: float | None) -> FieldScore:
    """Raise or lower the score of a heading by how well the values suit."""
    why = "alias" if heading >= _EXACT else "similar"
    if suits is None:
        return FieldScore(heading * 0.92, why)
    if suits < _HALF:
        return FieldScore(heading * (0.3 + 1.1 * suits), why)
    # A heading may mean several fields, and such values suit each of them alike.
    if heading < _CLEAR:
        return FieldScore(heading, f"{why}+values")
    return FieldScore(heading + (1 - heading) * 0.55 * suits, f"{why}+values")
