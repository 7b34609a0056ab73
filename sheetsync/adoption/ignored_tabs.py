"""Tabs that are left alone, each with the code of its reason.

They are empty, of pictures, too wide, in a language that nobody knows, the program's own, or not
of clients. What the others hold is `column_guesses`' and `tabs`' to say.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache

from sheetsync.adoption.field_lexicon import LANGUAGES
from sheetsync.adoption.value_profiles import blank
from sheetsync.method.policy import template
from sheetsync.values import Cell, fold
from sheetsync.workbook.journal import are_headings
from sheetsync.workbook.snapshot import Grid

WIDEST = 500
"""Filled columns beyond which a tab is no list of clients."""

_OTHER_TITLES = re.compile(
    r"""
      прайс | цены | ценник | kpi | кпэ | план\b | планы | планир | сводн | справочн | словар
    | инструкц | регламент | настройк | дашборд | отчет | поставщик | подрядчик | сотрудник
    | персонал | штат | зарплат | склад | товар | остатк | номенклатур | заметк | скрипт | шаблон
    | списки | журнал | истори | счета | оплаты | платеж | реестр | расход | конкурент | задачи
    | график | календар | статистик | аналитик | воронка
    | price | pivot | dashboard | report | setting | lookup | employee | staff | team | supplier
    | vendor | inventory | stock\b | product | notes?\b | script | template | dictionar | \blog\b
    | history | invoices | payments | expense | competitor | tasks | readme | instruction | help
    | target | quota | summary | calendar | stats | analytics
    """,
    re.IGNORECASE | re.VERBOSE,
)
_KNOWN_LETTERS = re.compile(r"[a-zа-яё]")
_LETTERS = re.compile(r"[^\W\d_]")
_LONGEST = 200
"""Characters of a text whose letters are looked at."""
_FOREIGN_HEADINGS, _FOREIGN_TEXTS = 0.2, 0.4
"""Shares from which on a tab is of a foreign language; below, they may be names."""

_CONTACT = frozenset(("phone", "email", "tax_number"))
_WORK = frozenset(("state", "manager", "next_step", "next_on", "last_contact"))


def reason_unread(grid: Grid) -> str | None:
    """Return why a tab need not even be looked at."""
    if fold(grid.title) in _own_titles() or _is_of_manager(grid.title):
        return "own_tab"
    # A volume of the Journal is known by its headings, whatever people call it.
    if grid.cells and are_headings(grid.cells[0]):
        return "own_tab"
    filled: set[int] = set()
    for row in grid.cells:
        for column, cell in enumerate(row):
            if column not in filled and not blank(cell):
                filled.add(column)
    if len(filled) > WIDEST:
        return "too_wide"
    if filled:
        return None
    # What shows a picture reads as an empty text.
    has_pictures = any("" in row for row in grid.cells)
    return "pictures" if has_pictures else "empty"


@cache
def _own_titles() -> frozenset[str]:
    titles: set[str] = set()
    for language in LANGUAGES:
        tabs = template(language).words.tabs
        titles.update(
            # A manager's tab bears a name in its title, and is known by how this begins.
            fold(title)
            for key, title in tabs.items()
            if key != "manager"
        )
    return frozenset(titles)


def _is_of_manager(title: str) -> bool:
    """Tell whether a title begins as those of the managers' tabs do."""
    names = (template(language).words.tabs["manager"] for language in LANGUAGES)
    return any(
        title.startswith(name.split("{", maxsplit=1)[0]) for name in names
    )


def is_foreign(headings: Iterable[str], cells: Sequence[Cell]) -> bool:
    """Tell whether a tab is in a language of other letters than Russian and English."""
    filled = [heading for heading in headings if heading]
    strange = sum(map(_is_strange, filled))
    # One heading in other letters may be a name, and tells no language.
    if strange >= 2 and strange >= _FOREIGN_HEADINGS * len(filled):  # noqa: PLR2004
        return True
    texts = [
        cell
        for cell in cells
        if isinstance(cell, str) and _LETTERS.search(cell)
    ]
    if len(texts) < 5:  # noqa: PLR2004  # so few may all be names
        return False
    return sum(map(_is_strange, texts)) >= _FOREIGN_TEXTS * len(texts)


def _is_strange(text: str) -> bool:
    letters = _LETTERS.findall(text[:_LONGEST].casefold())
    return not all(map(_KNOWN_LETTERS.match, letters))


def is_of_others(
    title: str,
    fields: Collection[str],
    *,
    section: bool,
    understood: bool,
    headed: bool,
) -> bool:
    """Tell whether a tab holds something else than clients, by its fields; a title may say so too.

    `section`: its title names a section; `understood`: its states are understood.
    """
    held = frozenset(fields)
    if not headed:
        return not _are_contacts(held)
    # Only clients have states: where these are understood, no word of a title is believed instead.
    is_certain = section or understood
    if not is_certain and _OTHER_TITLES.search(title.replace("ё", "е")):
        return True
    return not _are_clients(held, section=section)


def _are_contacts(fields: frozenset[str]) -> bool:
    """Tell whether somebody is named, and how to reach them: enough where no heading helps."""
    if fields.isdisjoint(_CONTACT):
        return False
    return "company" in fields or "person" in fields


def _are_clients(fields: frozenset[str], *, section: bool) -> bool:
    if "company" in fields:
        return not fields.isdisjoint((*_CONTACT, *_WORK, "person"))
    if "person" not in fields or fields.isdisjoint(_CONTACT):
        return False
    # Names with phones alone may be the staff's.
    return section or not fields.isdisjoint(_WORK)
