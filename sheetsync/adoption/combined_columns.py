"""Columns that hold several fields in one cell: “phone, e-mail”, “name and position”, whole visiting cards."""

import re
from collections.abc import Iterator

from sheetsync.adoption.field_lexicon import NOBODYS, scored
from sheetsync.adoption.value_profiles import Shape

CARD = ("person", "phone", "email")
"""What stands on a visiting card."""

_CUT = re.compile(r"[,;/+&|\\\n()\[\]]|\s(?:и|and|или|or)\s|\s[-–—]\s")
_KNOWN, _MOST, _SOME, _FEW = 0.78, 0.5, 0.25, 3


def fields_of(heading: str, shape: Shape) -> tuple[str, ...]:
    """Return the fields of a composite column, or nothing where the column is none."""
    whole = scored(heading)
    if whole.fields and max(whole.fields.values()) >= 1 and not _card(shape):
        return ()
    named = tuple(dict.fromkeys(_named(heading)))
    kept = tuple(field for field in named if _held(field, shape))
    if len(kept) > 1:
        return kept
    about = max(whole.fields, key=lambda field: whole.fields[field], default=None)
    return _card(shape) if about in (*CARD, None) or not heading else ()


def _named(heading: str) -> Iterator[str]:
    for part in _CUT.split(heading):
        said = scored(part.strip()).fields
        best = max(said, key=lambda field: said[field], default=NOBODYS)
        if best != NOBODYS and said[best] >= _KNOWN:
            yield best


def _held(field: str, shape: Shape) -> bool:
    """Tell whether values bear out that a field is among them; too few of them bear out anything."""
    if shape.filled < _FEW or field not in ("phone", "email"):
        return True
    return max(shape.share(f"has_{field}"), shape.share(field)) >= _SOME


def _card(shape: Shape) -> tuple[str, ...]:
    """Return the fields of cells that hold a phone and more: a name, an address."""
    if shape.filled < _FEW or shape.share("phone") >= _MOST or shape.share("email") >= _MOST:
        return ()
    held = {
        "person": shape.share("named_phone") >= _MOST,
        "phone": shape.share("has_phone") >= _MOST,
        "email": shape.share("has_email") >= _SOME,
    }
    return (
        tuple(field for field in CARD if held[field])
        if held["phone"] and sum(held.values()) > 1
        else ()
    )


def confidence(heading: str, fields: tuple[str, ...], shape: Shape) -> float:
    """Say how sure a composite column is: its heading names the fields, its values hold them."""
    named = len(set(_named(heading)) & set(fields)) / len(fields)
    held = [
        max(shape.share(f"has_{field}"), shape.share(field))
        for field in fields
        if field in ("phone", "email")
    ]
    most = (
        0.95 if set(fields) <= {*CARD, "company", "tax_number", "city", "role"} else 0.7
    )  # a state within a text is unread
    return min(most, 0.6 + 0.25 * named + 0.1 * (min(held) if held else 0.5))
