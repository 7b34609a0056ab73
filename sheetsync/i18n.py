"""Sentences in the user's language: gettext catalogues, plurals, dates and numbers by Babel.

The words of the method itself (states, sections, headings) live in `templates/`, not here.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache, lru_cache
from gettext import NullTranslations, translation
from pathlib import Path

LANGUAGES = ("en", "ru")


@dataclass(frozen=True)
class Language:
    """One language's catalogue. `code` is `en` or `ru`."""

    code: str
    _catalogue: NullTranslations

    def text(self, msgid: str, **values: object) -> str:
        """Return the sentence `msgid` in this language, its `{names}` filled from `values`."""
        return self._catalogue.gettext(msgid).format(**values)

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """Return the form of a sentence that fits the number `n`, which the text sees as `{n}`."""
        return self._catalogue.ngettext(one, many, n).format(
            n=self.number(n), **values
        )

    def date(self, day: dt.date) -> str:
        """Write a day as people say it in a sentence: `2 March 2026`."""
        written = self._formatted(
            day, "d MMMM y" if self.code == "en" else "long"
        )
        # Russian ends it with “г.”, which a sentence does not want.
        return (
            written.removesuffix(" г.")
            .removesuffix("\u202fг.")
            .removesuffix("\xa0г.")
        )

    def day(self, day: dt.date) -> str:
        """Write a day shortly, without its year: `1 March`."""
        return self._formatted(day, "d MMMM")

    def short_day(self, day: dt.date) -> str:
        """Write a day as short as an axis has room for: `1 Mar`, in Russian `01.03`."""
        return self._formatted(day, "dd.MM" if self.code == "ru" else "d MMM")

    def month(self, day: dt.date) -> str:
        """Write the month of a day: `March 2026`."""
        return self._formatted(day, "LLLL y")

    def weekday(self, day: dt.date) -> str:
        """Name the day of the week."""
        return self._formatted(day, "EEEE")

    def _formatted(self, day: dt.date, pattern: str) -> str:
        return _day(day, pattern, self.code)

    def time(self, moment: dt.datetime) -> str:
        """Write a moment as this machine's clocks show it: `14:05`."""
        return f"{moment.astimezone():%H:%M}"

    def quoted(self, name: str) -> str:
        """Put a name into the language's quotation marks."""
        return f"«{name}»" if self.code == "ru" else f"“{name}”"

    def number(self, value: float) -> str:
        """Write a number with the language's group and decimal marks."""
        if isinstance(value, int):
            return _whole_number(value, self.code)
        # Kept out of start-up.
        from babel.numbers import format_decimal  # noqa: PLC0415

        return format_decimal(value, locale=self.code)

    def decimal(self, value: float, places: int) -> str:
        """Write a number with so many decimals, zeros among them: `22.70`."""
        return _decimal(value, places, self.code)


# A night writes the same few days and numbers a thousand times.
@lru_cache(maxsize=4096)
def _day(day: dt.date, pattern: str, code: str) -> str:
    # Kept out of start-up.
    from babel.dates import format_date  # noqa: PLC0415

    return format_date(day, pattern, locale=code)


@lru_cache(maxsize=4096)
def _whole_number(value: int, code: str) -> str:
    # Kept out of start-up.
    from babel.numbers import format_decimal  # noqa: PLC0415

    return format_decimal(value, locale=code)


def _decimal(value: float, places: int, code: str) -> str:
    # Kept out of start-up.
    from babel.numbers import format_decimal  # noqa: PLC0415

    pattern = f"#,##0.{'0' * places}"
    return format_decimal(value, format=pattern, locale=code)


def marked(msgid: str) -> str:
    """Mark a sentence for the catalogues where it stands in a table and is translated later."""
    return msgid


@cache
def language(code: str) -> Language:
    """Return the catalogue of `code` (`ru`, `en`, or a locale such as `ru_RU`).

    It is the English one where there is none.
    """
    known = code.replace("-", "_").split("_")[0].lower()
    if known not in LANGUAGES:
        known = "en"
    # Compiled at install time by `hatch_build.py`: git holds the readable `.po` alone.
    folder = Path(__file__).parent / "locale"
    catalogue = translation(
        "sheetsync", localedir=folder, languages=[known], fallback=True
    )
    return Language(known, catalogue)
