"""The reader of a column, by its type and by what the column as a whole tells.

What each type's reader takes and refuses stands in the module of that type.
"""

from collections.abc import Callable
from functools import partial

from sheetsync.values.amounts import read_amount, read_integer, read_share
from sheetsync.values.cells import EMPTY, Cell, Reading
from sheetsync.values.choice_words import Vocabulary, read_flag, read_word
from sheetsync.values.column_conventions import PLAIN, Hint
from sheetsync.values.dates import date_within, read_date
from sheetsync.values.emails import email_within, read_email
from sheetsync.values.phones import phone_within, read_phone
from sheetsync.values.tax_numbers import read_tax_number, tax_number_within
from sheetsync.values.text import (
    pieces,
    read_manager,
    read_text,
    text_within,
)

Reader = Callable[[Cell], Reading]

_WHOLE: dict[str, Reader] = {
    "text": read_text,
    "manager": read_manager,
    "share": read_share,
    "integer": read_integer,
    "flag": read_flag,
    "email": read_email,
}
_WITHIN: dict[str, Reader] = {
    "text": text_within,
    "manager": text_within,
    "email": email_within,
}


def reader(
    kind: str, region: str, vocabulary: Vocabulary | None, hint: Hint = PLAIN
) -> Reader:
    """Return the function that reads cells of a column of type `kind` (see `policy.FieldType`).

    `region` is ISO 3166-1: whose phones and tax numbers these are. With `hint.part` a cell without
    the value is empty.
    """
    if not hint.part:
        return _whole(kind, region, vocabulary, hint)
    if kind == "date":
        return partial(date_within, region=region, hint=hint)
    if kind == "phone":
        return partial(phone_within, region=region, regions=hint.regions)
    if kind == "tax_number":
        return partial(tax_number_within, region=region, hint=hint)
    if kind in _WITHIN:
        return _WITHIN[kind]
    return _by_piece(_whole(kind, region, vocabulary, hint))


def _whole(
    kind: str, region: str, vocabulary: Vocabulary | None, hint: Hint
) -> Reader:
    if vocabulary is not None:
        return partial(read_word, vocabulary=vocabulary)
    if kind == "date":
        return partial(read_date, region=region, hint=hint)
    if kind == "phone":
        return partial(read_phone, region=region, regions=hint.regions)
    if kind == "amount":
        return partial(read_amount, hint=hint)
    if kind == "tax_number":
        return partial(read_tax_number, region=region, hint=hint)
    return _WHOLE[kind]


def _by_piece(read: Reader) -> Reader:
    """Read the first piece of a cell that can be read; a cell that has none is empty."""

    def read_by_piece(cell: Cell) -> Reading:
        whole = read(cell)
        if whole.value is not None:
            return whole
        for piece in pieces(cell):
            reading = read(piece)
            if reading.value is not None:
                return reading
        return EMPTY

    return read_by_piece
