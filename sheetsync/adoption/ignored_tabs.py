"""Tabs that are left alone: empty, of pictures, too wide, in a language that nobody knows, or not of clients."""

import re
from collections.abc import Collection, Iterable, Sequence

from sheetsync.adoption.field_lexicon import LANGUAGES
from sheetsync.adoption.value_profiles import blank
from sheetsync.method.policy import template
from sheetsync.values import Cell, fold
from sheetsync.workbook.snapshot import Grid

WIDEST = 500
"""Filled columns beyond which a tab is no list of clients."""

_OTHER_TITLES = re.compile(
    r"прайс|цены|ценник|kpi|кпэ|план\b|планы|планир|сводн|справочн|словар|инструкц|регламент|настройк|дашборд|отчет|поставщик|подрядчик|сотрудник"
    r"|персонал|штат|зарплат|склад|товар|остатк|номенклатур|заметк|скрипт|шаблон|списки|журнал|истори|счета|оплаты|платеж|реестр|расход|конкурент"
    r"|задачи|график|календар|статистик|аналитик|воронка|price|pivot|dashboard|report|setting|lookup|employee|staff|team|supplier|vendor|inventory|stock\b"
    r"|product|notes?\b|script|template|dictionar|\blog\b|history|invoices|payments|expense|competitor|tasks|readme|instruction|help|target|quota"
    r"|summary|calendar|stats|analytics",
    re.IGNORECASE,
)
_KNOWN_LETTERS = re.compile(r"[a-zа-яё]")
_LETTERS = re.compile(r"[^\W\d_]")
_CONTACT = frozenset(("phone", "email", "tax_number"))
_WORK = frozenset(("state", "manager", "next_step", "next_on", "last_contact"))


def unread(grid: Grid) -> str | None:
    """Return why a tab need not even be looked at."""
    if fold(grid.title) in _own_titles() or _of_a_manager(grid.title):
        return "own_tab"
    filled: set[int] = set()
    texts = False
    for row in grid.cells:
        texts = texts or any(cell == "" for cell in row)
        filled.update(at for at, cell in enumerate(row) if at not in filled and not blank(cell))
    if not filled:
        return "pictures" if texts else "empty"  # what shows a picture reads as an empty text
    return "too_wide" if len(filled) > WIDEST else None


def _own_titles() -> set[str]:
    tabs = (template(language).words.tabs for language in LANGUAGES)
    return {fold(title) for spoken in tabs for key, title in spoken.items() if key != "manager"}


def _of_a_manager(title: str) -> bool:
    starts = [
        template(language).words.tabs["manager"].split("{", maxsplit=1)[0] for language in LANGUAGES
    ]
    return any(title.startswith(start) for start in starts)


def foreign(headings: Iterable[str], cells: Sequence[Cell]) -> bool:
    """Tell whether a tab is in a language of other letters than Russian and English."""
    heads = [heading for heading in headings if heading]
    strange = sum(map(_strange, heads))
    if strange >= 2 and strange >= 0.2 * len(heads):  # noqa: PLR2004  # one may be a name
        return True
    texts = [cell for cell in cells if isinstance(cell, str) and _LETTERS.search(cell)]
    return len(texts) >= 5 and sum(map(_strange, texts)) >= 0.4 * len(texts)  # noqa: PLR2004  # a few may be names


def _strange(text: str) -> bool:
    return any(
        not _KNOWN_LETTERS.match(letter) for letter in _LETTERS.findall(text[:200].casefold())
    )


def of_others(
    title: str, fields: Collection[str], *, section: bool, understood: bool, headed: bool
) -> bool:
    """Tell whether a tab holds something else than clients, by its fields; a title may say so too.

    `section`: its title names a section; `understood`: its states are understood, which only clients have.
    """
    held = set(fields)
    if not headed:
        return not ({"company", "person"} & held and _CONTACT & held)
    if _OTHER_TITLES.search(title.replace("ё", "е")) and not (section or understood):
        return True
    if "company" in held:
        return not held & (_CONTACT | _WORK | {"person"})
    return not ("person" in held and held & _CONTACT and (held & _WORK or section))
