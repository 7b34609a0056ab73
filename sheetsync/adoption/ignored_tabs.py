"""Tabs that are left alone, each with the code of its reason.

They are empty, of pictures, too wide, the program's own, or not of clients. What the others hold
is `column_guesses`' and `tabs`' to say.
"""

import re
from collections.abc import Collection
from functools import cache

from sheetsync.adoption.field_lexicon import LANGUAGES
from sheetsync.adoption.value_profiles import blank
from sheetsync.method.policy import template
from sheetsync.values import fold
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


def names_anybody(fields: Collection[str], *, headed: bool) -> bool:
    """Tell whether a tab names companies or people; without headings, how to reach them too."""
    held = frozenset(fields)
    if not headed:
        return _are_contacts(held)
    return not held.isdisjoint((*_CONTACT, "company", "person"))


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
