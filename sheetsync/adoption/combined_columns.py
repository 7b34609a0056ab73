"""Columns that hold several fields in one cell: “phone, e-mail”, “name and position”, whole cards.

Columns of one field, and which column gets a field that several could be, are `column_guesses`'.
"""

import re
from collections.abc import Iterator

from sheetsync.adoption.field_lexicon import NOBODYS, heading_scores
from sheetsync.adoption.value_profiles import ValueProfile

CARD = ("person", "phone", "email")
"""What stands on a visiting card."""

_SEPARATOR = re.compile(r"[,;/+&|\\\n()\[\]]|\s(?:и|and|или|or)\s|\s[-–—]\s")
_READABLE = frozenset((*CARD, "company", "tax_number", "city", "role"))
"""Fields that are found within a longer text; a state, say, is not."""

_KNOWN = 0.78
"""The score from which on a part of a heading names a field."""
_FEW, _SOME, _MOST = 3, 0.25, 0.5
"""Fewer cells prove nothing; shares of cells that bear a field out, and that are plainly it."""


def fields_of(heading: str, profile: ValueProfile) -> tuple[str, ...]:
    """Return the fields of a composite column, or nothing where the column is none."""
    scores = heading_scores(heading).fields
    card = _fields_of_card(profile)
    # A heading that is known as a whole is one field, even where its parts name others.
    if scores and max(scores.values()) >= 1 and not card:
        return ()
    named = dict.fromkeys(_named_fields(heading))
    held = tuple(field for field in named if _is_borne_out(field, profile))
    if len(held) > 1:
        return held
    about = max(scores, key=lambda field: scores[field], default=None)
    if heading and about is not None and about not in CARD:
        return ()
    return card


def _named_fields(heading: str) -> Iterator[str]:
    """Go through the fields that the parts of a heading name."""
    for part in _SEPARATOR.split(heading):
        scores = heading_scores(part.strip()).fields
        best = max(scores, key=lambda field: scores[field], default=NOBODYS)
        if best != NOBODYS and scores[best] >= _KNOWN:
            yield best


def _is_borne_out(field: str, profile: ValueProfile) -> bool:
    """Tell whether values agree that a field is among them; too few of them agree to anything."""
    if profile.filled < _FEW or field not in ("phone", "email"):
        return True
    return _share_within(field, profile) >= _SOME


def _share_within(field: str, profile: ValueProfile) -> float:
    """Return the share of cells that hold a phone or an address, alone or beside something else."""
    return max(profile.share(f"has_{field}"), profile.share(field))


def _fields_of_card(profile: ValueProfile) -> tuple[str, ...]:
    """Return the fields of cells that hold a phone and more, or a name with an address."""
    if profile.filled < _FEW:
        return ()
    if profile.share("phone") < _MOST and _is_named_email(profile):
        return ("person", "email")
    if profile.share("has_phone") < _MOST:
        return ()
    if profile.share("phone") >= _MOST or profile.share("email") >= _MOST:
        return ()
    has_person = profile.share("named_phone") >= _MOST
    has_email = profile.share("has_email") >= _SOME
    if not has_person and not has_email:
        return ()
    held = {"person": has_person, "phone": True, "email": has_email}
    return tuple(field for field in CARD if held[field])


def _is_named_email(profile: ValueProfile) -> bool:
    """Tell cells such as “John Smith (john@acme.com)”."""
    if profile.share("has_phone") >= _SOME:
        return False
    has_email = profile.share("has_email")
    return has_email >= _MOST and profile.share("email") < has_email - _MOST


def confidence(
    heading: str, fields: tuple[str, ...], profile: ValueProfile
) -> float:
    """Say how sure a composite column is: its heading names the fields, its values hold them."""
    named = len(set(_named_fields(heading)) & set(fields)) / len(fields)
    shares = [
        _share_within(field, profile)
        for field in fields
        if field in ("phone", "email")
    ]
    borne_out = min(shares, default=0.5)
    # What cannot be read out of a longer text is not to be taken without a question.
    highest = 0.95 if _READABLE.issuperset(fields) else 0.7
    return min(highest, 0.6 + 0.25 * named + 0.1 * borne_out)
