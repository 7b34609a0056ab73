"""What a whole column tells about each of its cells.

How that is found out is `column`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Home:
    """Where the base is at home, as far as values are concerned.

    `region`: its country (ISO 3166 code); `is_known`: somebody has said so, it is not only what the
    language suggests. `currency`: its own (ISO 4217 code), "" where nobody has said; `rates`: what
    one of another is in it. `hints`: what all columns of a type together tell, by type: rows go
    from tab to tab, and are read the same wherever they stand.
    """

    region: str
    is_known: bool = False
    currency: str = ""
    rates: tuple[tuple[str, float], ...] = ()
    hints: Mapping[str, "Hint"] = field(default_factory=dict)


@dataclass(frozen=True)
class Hint:
    """How the cells of one column are to be read.

    `month_first`: dates are written month first. `around`: the column's middle day, nearest to
    which a date without a year is taken. `part`: a cell holds this value among others. `order`:
    what `month_first` rests on: nothing (`default`), dates that can be read in one way only
    (`seen`), or such dates of both orders (`mixed`). `regions`: whose phones the column holds
    (`phone_regions`), None where nobody has looked; `borne_out`: the column itself shows that the
    phones, or the tax numbers, are of the kind that the base's country has. `currency`: the ISO
    4217 code of amounts that name none, "" where any is taken; `rates`: what one of another is in
    it; `unit`: what a bare number is multiplied by, as its heading says (1,000, 1,000,000).
    """

    month_first: bool = False
    around: date | None = None
    part: bool = False
    order: Literal["default", "seen", "mixed"] = "default"
    regions: tuple[str, ...] | None = None
    borne_out: bool = True
    currency: str = ""
    rates: tuple[tuple[str, float], ...] = ()
    unit: int = 1


PLAIN = Hint()
"""The hint of a column of which nothing is known."""
