"""One cell to a value and back, for each type of column: dates, amounts, phones, words.

Pure and total: a cell that cannot be read gives a fault, never an exception. What a row needs is
`schema`'s.
"""

from sheetsync.values.cells import (
    EMPTY,
    EPOCH,
    FIRST_DAY,
    LAST_DAY,
    NOTHING,
    Cell,
    CellFault,
    Reading,
    Value,
    clean,
    fold,
    folded,
    to_cell,
    to_serial,
    without_accents,
)
from sheetsync.values.choice_words import Vocabulary, read_flag, suggest
from sheetsync.values.column import (
    ReadColumn,
    first_readable,
    hint_of,
    of_readings,
    read_cells,
    told_apart,
)
from sheetsync.values.column_conventions import PLAIN, Hint
from sheetsync.values.date_parts import is_no_day
from sheetsync.values.emails import emails
from sheetsync.values.phones import phones
from sheetsync.values.readers import Reader, reader
from sheetsync.values.tax_numbers import valid_tax_number
from sheetsync.values.tidy_forms import canonical, untidy

__all__ = [
    "EMPTY",
    "EPOCH",
    "FIRST_DAY",
    "LAST_DAY",
    "NOTHING",
    "PLAIN",
    "Cell",
    "CellFault",
    "Hint",
    "ReadColumn",
    "Reader",
    "Reading",
    "Value",
    "Vocabulary",
    "canonical",
    "clean",
    "emails",
    "first_readable",
    "fold",
    "folded",
    "hint_of",
    "is_no_day",
    "of_readings",
    "phones",
    "read_cells",
    "read_flag",
    "reader",
    "suggest",
    "to_cell",
    "to_serial",
    "told_apart",
    "untidy",
    "valid_tax_number",
    "without_accents",
]
