"""Where the team of a base is at home: its country by the phones, its currency by the amounts.

A language is no country: Russian headings stand in bases of a dozen. So what the cells do not say
is left open, and asked.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from sheetsync.adoption.proposal import Proposal
from sheetsync.method.terms import Location
from sheetsync.values import (
    Cell,
    Home,
    currencies_named,
    hint_of,
    regions_named,
)
from sheetsync.workbook.snapshot import NO_ZONE, Book, Grid

MOST = 2 / 3
"""The share of what names a country, or a currency, that must name the same."""
FEWEST = 2
"""Cells that must name it: one number of an abroad client is no country."""
_NOT_CHOSEN = "en_US"
"""The locale of a spreadsheet that nobody has chosen one for."""


ShownCurrencies = Mapping[tuple[int, int, int], str]
"""ISO 4217 codes that number formats show: by sheetId, 0-based row and column."""


def guess_location(
    book: Book, proposal: Proposal, shown: ShownCurrencies
) -> Location:
    """Return where the team seems to work; "" for what neither cells nor the book's locale tell.

    `shown`: the currencies of bare amounts, as their number formats have them.
    """
    grids = {grid.sheet_id: grid for grid in book.grids}
    phones = [*_cells(proposal, grids, "phone")]
    amounts = [*_cells(proposal, grids, "amount")]
    country = (
        _commonest(regions_named(phones))
        or _borne_out(phones, proposal.policy.words.phone_region)
        or _of_locale(book.locale)
    )
    zone = "" if book.time_zone == NO_ZONE else book.time_zone
    return Location(
        country=country,
        currency=_commonest(
            currencies_named(amounts) + Counter(shown.values())
        ),
        time_zone=zone,
    )


def _cells(
    proposal: Proposal, grids: Mapping[int, Grid], field: str
) -> Iterator[Cell]:
    """Go through the cells of the columns that were taken for a field."""
    for tab in proposal.tabs:
        if not tab.has_headings:
            continue
        for column in tab.columns:
            if field in column.fields:
                grid = grids[tab.sheet_id]
                yield from grid.column(column.place, tab.header + 1)


def _commonest(names: Counter[str]) -> str:
    """Return what most name, if enough do."""
    for name, count in names.most_common(1):
        if count >= FEWEST and count >= MOST * names.total():
            return name
    return ""


def _borne_out(phones: Iterable[Cell], region: str) -> str:
    """Return the region that the language suggests, if the numbers are written as only there."""
    hint = hint_of("phone", [*phones], Home(region))
    return region if hint.borne_out and hint.regions == (region,) else ""


def _of_locale(locale: str) -> str:
    if locale == _NOT_CHOSEN:
        return ""
    territory = locale.replace("-", "_").rpartition("_")[2]
    return territory if len(territory) == len("RU") else ""
