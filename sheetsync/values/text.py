"""Texts, and the pieces of a cell that holds several values.

What each piece means is for the reader of its type to say.
"""

import re

from sheetsync.values.cells import (
    DASHES,
    EMPTY,
    ERRORS,
    LONGEST,
    Cell,
    Reading,
    clean,
    fault,
    fold,
    is_nothing,
    plain,
)

# Commas and slashes between digits are part of a number.
_BETWEEN = re.compile(
    r"[;|\n\r]+|(?<!\d),|,(?!\d)|(?<!\d)/|/(?!\d)|\s[-\u2013\u2014]\s"
)
_ADDRESSES_AND_NUMBERS = re.compile(
    r"[^\s@,;<>()]+@[^\s@,;<>()]+"
    r"|(?:\b(?:инн|кпп|тел|моб|e-?mail|почта)\b[.:]*\s*)?\+?\(?\d[\d\s().\-/]{7,}\d",
    re.IGNORECASE,
)
CELL_ROOM = 30_000
"""UTF-16 units of a text that the program writes into a cell at most: a workbook's cell holds
32,767, a spreadsheet's 50,000 (API fact)."""
_EDGES = " ,;|/:-\u2013\u2014"

# As vendors' exports and teams write it.
_NOBODY = frozenset(
    fold(words)
    for words in (
        # Russian, Ukrainian, Kazakh
        *(
            "не назначен",
            "не назначена",
            "не назначено",
            "не закреплен",
            "не закреплена",
        ),
        *(
            "без менеджера",
            "без ответственного",
            "нет менеджера",
            "нет ответственного",
        ),
        *(
            "не распределен",
            "не распределена",
            "не распределено",
            "свободен",
            "свободна",
        ),
        *("никто", "ничей", "ничья", "не указан", "не указана", "не выбран"),
        *("не призначено", "не призначений", "без відповідального", "ніхто"),
        *("тағайындалмаған", "жауапты жоқ"),
        # English
        *(
            "unassigned",
            "not assigned",
            "no owner",
            "(no owner)",
            "no manager",
            "nobody",
        ),
        *("no one", "not set", "unallocated", "unowned", "no sales rep"),
        # German, French, Spanish, Portuguese, Italian, Polish, Turkish
        *("nicht zugewiesen", "nicht zugeordnet", "niemand", "kein besitzer"),
        *("non attribué", "non assigné", "non affecté", "aucun"),
        *(
            "sin asignar",
            "no asignado",
            "nadie",
            "sin propietario",
            "sin responsable",
        ),
        *(
            "não atribuído",
            "não atribuida",
            "sem responsável",
            "sem dono",
            "ninguém",
        ),
        *(
            "non assegnato",
            "nessuno",
            "senza proprietario",
            "senza responsabile",
        ),
        *("nieprzypisany", "nieprzypisane", "nieprzydzielony", "brak", "nikt"),
        *("atanmamış", "atanmadı", "sahipsiz", "yok"),
    )
)


def in_cell(text: str, room: int = CELL_ROOM) -> bool:
    """Tell whether a text has at most `room` UTF-16 units, as a cell counts them."""
    # No character takes more than two units.
    if len(text) <= room // 2:
        return True
    return len(text.encode("utf-16-le", "surrogatepass")) <= 2 * room


def shortened(text: str, room: int = CELL_ROOM) -> str:
    """Return a text that a cell holds: one longer than `room` (UTF-16 units) ends in "…"."""
    if in_cell(text, room):
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    # Cut in two, a character of two units is left out.
    return units[: 2 * room - 2].decode("utf-16-le", "ignore") + "…"


def read_text(cell: Cell) -> Reading:
    """Read a text; a lone dash is nothing, and a formula in it is text. Fault: cell_error."""
    text = clean(cell)
    if text in ERRORS:
        return fault("cell_error")
    if not text.strip(DASHES):
        return EMPTY
    return Reading(text)


def is_nobody(cell: Cell) -> bool:
    """Tell whether the cell of an owner says that there is none: empty, a dash, "Unassigned"."""
    text = plain(cell)
    return not text or is_nothing(text) or fold(text) in _NOBODY


def read_manager(cell: Cell) -> Reading:
    """Read whose client a row is; words for "nobody" are an empty cell. Fault: cell_error."""
    return EMPTY if is_nobody(cell) else read_text(cell)


def text_within(cell: Cell) -> Reading:
    """Read what a cell says besides addresses and long numbers (phones, tax numbers)."""
    whole = read_text(cell)
    if not isinstance(whole.value, str) or len(whole.value) > LONGEST:
        return whole
    text = clean(_ADDRESSES_AND_NUMBERS.sub(" ", whole.value)).strip(_EDGES)
    return Reading(text or None)


def pieces(cell: Cell) -> list[str]:
    """Cut a cell at the signs that people put between values; never within a number."""
    if not isinstance(cell, str):
        return []
    return [piece for piece in map(clean, _BETWEEN.split(cell)) if piece]
