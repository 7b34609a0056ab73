"""One cell to a value and back, for each type of column: dates, amounts, phones, words.

Pure and total: a cell that cannot be read gives a fault, never an exception. What a row needs is
`schema`'s.
"""

from sheetsync.values.amounts import (
    currencies_named,
    in_unit,
    is_bare,
    rates_of,
    read_money,
    unit_of,
    with_currencies,
)
from sheetsync.values.cells import (
    EMPTY,
    EPOCH,
    ERRORS,
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
    POOLED,
    ReadColumn,
    at_home,
    first_readable,
    hint_of,
    of_readings,
    read_cells,
    told_apart,
)
from sheetsync.values.column_conventions import PLAIN, Hint, Home
from sheetsync.values.currencies import (
    currency_of,
    currency_of_country,
    currency_of_pattern,
    sign_of,
)
from sheetsync.values.date_parts import is_no_day
from sheetsync.values.emails import emails
from sheetsync.values.phone_regions import regions_named, with_countries
from sheetsync.values.phones import phones
from sheetsync.values.readers import Reader, reader
from sheetsync.values.tax_numbers import valid_tax_number
from sheetsync.values.text import is_nobody
from sheetsync.values.tidy_forms import canonical, untidy

__all__ = [
    "EMPTY",
    "EPOCH",
    "ERRORS",
    "FIRST_DAY",
    "LAST_DAY",
    "NOTHING",
    "PLAIN",
    "POOLED",
    "Cell",
    "CellFault",
    "Hint",
    "Home",
    "ReadColumn",
    "Reader",
    "Reading",
    "Value",
    "Vocabulary",
    "at_home",
    "canonical",
    "clean",
    "currencies_named",
    "currency_of",
    "currency_of_country",
    "currency_of_pattern",
    "emails",
    "first_readable",
    "fold",
    "folded",
    "hint_of",
    "in_unit",
    "is_bare",
    "is_no_day",
    "is_nobody",
    "of_readings",
    "phones",
    "rates_of",
    "read_cells",
    "read_flag",
    "read_money",
    "reader",
    "regions_named",
    "sign_of",
    "suggest",
    "to_cell",
    "to_serial",
    "told_apart",
    "unit_of",
    "untidy",
    "valid_tax_number",
    "with_countries",
    "with_currencies",
    "without_accents",
]
