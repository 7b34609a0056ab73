"""The reader of a column, by its type and by what the column as a whole tells."""

from collections.abc import Callable, Iterator

from sheetsync.values.amounts import read_amount, read_integer, read_share
from sheetsync.values.cells import EMPTY, Cell, Reading
from sheetsync.values.choice_words import Vocabulary, read_flag, read_word
from sheetsync.values.column_conventions import PLAIN, Hint
from sheetsync.values.dates import date_within, read_date
from sheetsync.values.emails import email_within, read_email
from sheetsync.values.phones import phone_within, read_phone
from sheetsync.values.tax_numbers import read_tax_number, tax_number_within
from sheetsync.values.text import pieces, read_text, text_within

Reader = Callable[[Cell], Reading]

_PLAIN: dict[str, Reader] = {
    "text": read_text,
    "manager": read_text,
    "amount": read_amount,
    "share": read_share,
    "integer": read_integer,
    "flag": read_flag,
    "email": read_email,
}
_WITHIN: dict[str, Reader] = {"text": text_within, "manager": text_within, "email": email_within}


def _by_piece(read: Reader) -> Reader:
    """Read the first piece of a cell that can be read; a cell that has none is empty."""

    def readings(cell: Cell) -> Iterator[Reading]:
        yield read(cell)
        yield from map(read, pieces(cell))

    return lambda cell: next(
        (reading for reading in readings(cell) if reading.value is not None), EMPTY
    )


def _whole(kind: str, region: str, vocabulary: Vocabulary | None, hint: Hint) -> Reader:
    if vocabulary is not None:
        return lambda cell: read_word(cell, vocabulary)
    if kind == "date":
        return lambda cell: read_date(cell, region, hint)
    if kind == "phone":
        return lambda cell: read_phone(cell, region)
    if kind == "tax_number":
        return lambda cell: read_tax_number(cell, region)
    return _PLAIN[kind]


def reader(kind: str, region: str, vocabulary: Vocabulary | None, hint: Hint = PLAIN) -> Reader:
    """Return the function that reads cells of a column of type `kind` (see `policy.FieldType`).

    `region` is ISO 3166-1: whose phones and tax numbers these are. With `hint.part` a cell without the value is empty.
    """
    if not hint.part:
        return _whole(kind, region, vocabulary, hint)
    if kind == "date":
        return lambda cell: date_within(cell, region, hint)
    if kind == "phone":
        return lambda cell: phone_within(cell, region)
    if kind == "tax_number":
        return lambda cell: tax_number_within(cell, region)
    return _WITHIN.get(kind) or _by_piece(_whole(kind, region, vocabulary, hint))
