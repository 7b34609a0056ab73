"""Bases of strangers, adopted and run: no value becomes another, no client loses its owner, and a second night is quiet.

Each file is a layout that real teams use, with made-up rows. The judge shares no code with the
program: it knows Excel's cells, E.164 and calendars, and nothing else.
"""

import csv
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import phonenumbers
import pytest

from tests.builders.bench import Shell
from tests.places import DATA, DOCS

TODAY = "2026-03-02"
DEPTH = 500
"""Rows of a sheet that are looked at: no file here has more clients."""
STRANGERS = DATA / "strangers"
PAGE = DOCS / "adopt.md"
Row = tuple[Any, ...]


class Layout(NamedTuple):
    """Where the clients of a file stand.

    `clients`: how many they are; `company`, `owner`: the headings of their columns; `owners`: the
    owner of each row where no column holds it, out of the tab's title and its rows.
    """

    clients: int
    company: str
    owner: str = ""
    owners: Callable[[str, list[Row]], Iterator[tuple[str, str]]] | None = None


def by_tab(title: str, rows: list[Row]) -> Iterator[tuple[str, str]]:
    """Give every client of a tab its title for an owner; an archive is nobody's."""
    for row in rows[1:]:
        if row[0] and title != "Архив":
            yield str(row[0]), title


def by_banner(_: str, rows: list[Row]) -> Iterator[tuple[str, str]]:
    """Give every client the name that stands alone above it."""
    owner = ""
    for row in rows[1:]:
        filled = [cell for cell in row if cell is not None]
        if len(filled) == 1:
            owner = str(filled[0])
        elif row[0] and not str(row[0]).startswith(("Итого", "Всего")):
            yield str(row[0]), owner


LAYOUTS: dict[str, Layout] = {
    "abc_portuguese.xlsx": Layout(20, "Cliente", "Vendedor"),
    "banners.xlsx": Layout(24, "Компания", owners=by_banner),
    "bitrix_leads.csv": Layout(24, "Название компании", "Ответственный"),
    "currencies.xlsx": Layout(24, "Компания", "Менеджер"),
    "dashboard_min.xlsx": Layout(6, "Компания", "Менеджер"),
    "en_phones.xlsx": Layout(4, "Company", "Manager"),
    "filter_value.xlsx": Layout(4, "Company", "Manager"),
    "hubspot_deals.csv": Layout(24, "Deal Name", "Deal owner"),
    "lang_es.xlsx": Layout(24, "Empresa", "Vendedor"),
    "lang_uk.xlsx": Layout(24, "Компанія", "Менеджер"),
    "last_row_styled.xlsx": Layout(2, "Company", "Manager"),
    "multiselect.xlsx": Layout(24, "Компания", "Менеджер"),
    "null_dates.csv": Layout(20, "company", "owner"),
    "one-tab.xlsx": Layout(260, "Название компании", "Кто ведёт"),
    "phones_by.xlsx": Layout(40, "Компания", "Менеджер"),
    "phones_uk.xlsx": Layout(16, "Company", "Owner"),
    "pipedrive.csv": Layout(24, "Deal - Organization", "Deal - Owner"),
    "protected_filtered.xlsx": Layout(24, "Компания", "Ответственный"),
    "repeat_heads.xlsx": Layout(18, "Компания", "Менеджер"),
    "six-tabs.xlsx": Layout(630, "Компания", "Менеджер"),
    "subtotals.xlsx": Layout(1, "Company", "Manager"),
    "tab_per_manager.xlsx": Layout(30, "Компания", owners=by_tab),
    "tax_uz.xlsx": Layout(60, "Компания", "Менеджер"),
    "total_client.xlsx": Layout(5, "Company", "Manager"),
    "two_row_heads.xlsx": Layout(24, "Наименование", "Менеджер"),
}
SAMPLES = {"one-tab.xlsx", "six-tabs.xlsx"}
"""Files that other tests read too: the two sample bases."""
CODES = {"phones_by.xlsx": "375", "one-tab.xlsx": "7", "six-tabs.xlsx": "7"}
"""The only country's code that a file's numbers may get; of others the one that stood there."""


def tables(path: Path) -> Mapping[str, list[Row]]:
    """Read the tabs of a file as it was before anything was done."""
    if path.suffix == ".xlsx":
        return cells(path)
    with path.open(encoding="utf-8-sig", newline="") as source:
        separator = ";" if ";" in source.readline() else ","
        source.seek(0)
        return {"csv": [tuple(row) for row in csv.reader(source, delimiter=separator)]}


def cells(path: Path) -> dict[str, list[Row]]:
    """Read the tabs of a workbook, as far down as any client stands; a sheet may have a million rows."""
    workbook = openpyxl.load_workbook(path)
    tabs = {
        sheet.title: [*sheet.iter_rows(max_row=min(sheet.max_row, DEPTH), values_only=True)]
        for sheet in workbook.worksheets
    }
    workbook.close()
    return tabs


def heading_row(rows: list[Row], layout: Layout) -> int | None:
    """Return the 0-based row that holds the company's heading; None: a tab of something else."""
    for number, row in enumerate(rows[:5]):
        if layout.company in row:
            return number
    return None


def clients(rows: list[Row], layout: Layout) -> Iterator[Row]:
    """Go through the rows below the headings that hold a company and something beside it."""
    header = heading_row(rows, layout)
    if header is None:
        return
    company = rows[header].index(layout.company)
    for row in rows[header + 1 :]:
        name = row[company]
        filled = [cell for cell in row if cell not in (None, "")]
        is_sum = str(name).casefold().startswith(("итого", "всего ", "total for"))
        if name and name != layout.company and len(filled) > 1 and not is_sum:
            yield row


def same(name: str, before: Any, after: Any) -> str:
    """Judge a cell: `same`, `form` where it means the same in another form, else `value`."""
    # An empty cell that a rule fills in, such as the reason of a refusal, has lost nothing.
    if before == after or before in (None, ""):
        return "same"
    first, second = str(before).strip(), str(after).strip()
    # A formula follows its row: what it names has moved with it.
    if first.startswith("=") and second.startswith("="):
        return "same"
    if first.split() == second.split():
        return "form"
    if isinstance(after, datetime):
        day = after.date()
        forms = (day.isoformat(), f"{day:%d.%m.%Y}", f"{day:%Y%m%d}", f"{day:%d.%m.%y}")
        return "form" if first.startswith(forms) else "value"
    if isinstance(after, int | float) and not isinstance(before, int | float):
        number = first.replace(" ", "").replace(",", ".")
        return (
            "form" if number.replace(".", "", 1).isdecimal() and float(number) == after else "value"
        )
    if second.startswith("+"):
        return _same_phone(name, first, second)
    return "value"


def _same_phone(name: str, before: str, after: str) -> str:
    try:
        number = phonenumbers.parse(after, None)
    except phonenumbers.NumberParseException:
        return "value"
    national = phonenumbers.national_significant_number(number)
    digits = "".join(sign for sign in before if sign.isdecimal())
    code = str(number.country_code)
    is_own_code = digits.startswith((code, "00" + code)) or (
        code == "7" and digits[:1] in ("7", "8")
    )
    expected = code == CODES[name] if name in CODES else is_own_code
    is_same = digits.endswith(national) and phonenumbers.is_valid_number(number) and expected
    return "form" if is_same else "value"


def judged(name: str, before: Row, after: list[Row]) -> tuple[Row, Counter[str]]:
    """Find a row among those that are there afterwards; return it, and how its cells came out."""

    def marks(row: Row) -> Counter[str]:
        pairs = list(zip(before, row, strict=False))
        missing = [cell for cell in before[len(row) :] if cell not in (None, "")]
        return Counter([*(same(name, *pair) for pair in pairs), *("value" for _ in missing)])

    best = max(after, key=lambda row: (marks(row)["same"], marks(row)["form"]))
    return best, marks(best)


def expected_owners(path: Path, layout: Layout) -> Counter[tuple[str, str]]:
    """Count (company, owner) as they stood in a file; of several names in a cell the first."""
    owners = Counter[tuple[str, str]]()
    for title, rows in tables(path).items():
        if layout.owners is not None:
            owners.update(layout.owners(title, rows))
            continue
        header = heading_row(rows, layout)
        if header is None or layout.owner not in rows[header]:
            continue
        company, owner = rows[header].index(layout.company), rows[header].index(layout.owner)
        for row in clients(rows, layout):
            if row[owner]:
                owners[str(row[company]), str(row[owner]).split(",")[0].strip()] += 1
    return owners


class Outcome(NamedTuple):
    """What came of a file, as the docs show it."""

    adopted: int
    clients: int
    form: int
    value: int
    owners: int
    of_owners: int
    quiet: bool

    def line(self, name: str, layout: Layout) -> str:
        """Return its line of the table."""
        kept = f"{self.owners} of {self.of_owners}"
        found = f"{self.clients} of {layout.clients}"
        return (
            f"| {name} | {self.adopted} | {found} | {self.form} | {self.value} | {kept} |"
            f" {'yes' if self.quiet else 'no'} |"
        )


class Played(NamedTuple):
    """How adopting a file ended, the base, whether it rests, and whose time the first night ended."""

    code: int
    base: Path
    quiet: bool
    expired: frozenset[str] = frozenset()


def played(sheetsync: Shell, path: Path) -> Played:
    """Adopt a file and run two nights."""
    adopted = sheetsync("adopt", path, "--yes", "--today", TODAY, "--json")
    base = path.with_suffix(".xlsx")
    if adopted.json["wrote"] is not True or (adopted.code == 2 and not adopted.json.get("added")):
        return Played(adopted.code, base, quiet=True)
    first = sheetsync("run", base, "--force", "--today", TODAY, "--json")
    assert first.code == 0, first.err
    second = sheetsync("run", base, "--today", TODAY, "--json")
    assert second.code == 0, second.err
    moves = first.json["moves"]
    expired = {move["company"] for move in moves if move["rule"].startswith("expired")}
    return Played(adopted.code, base, second.json["wrote"] is False, frozenset(expired))


def spaced(cell: Any) -> str:
    """Return a cell as a text without spaces that say nothing."""
    return " ".join(str(cell).split())


def outcome(name: str, sheetsync: Shell, path: Path) -> Outcome:
    """Play a file and judge every client's cells, and whose clients they are."""
    layout = LAYOUTS[name]
    before = [row for rows in tables(path).values() for row in clients(rows, layout)]
    owners = expected_owners(path, layout)
    night = played(sheetsync, path)
    after = [row for rows in cells(night.base).values() for row in rows]
    by_text = defaultdict[str, list[Row]](list)
    for row in after:
        for text in {*map(spaced, row)}:
            by_text[text].append(row)
    marks = Counter[str]()
    kept = 0
    for row in before:
        named = [line for cell in row if cell for line in by_text[spaced(cell)]]
        best, counts = judged(name, row, named or after)
        # A rule that ends a company's time writes its state: that is the method, and stands in the plan.
        if counts["value"] == 1 and not night.expired.isdisjoint(map(spaced, row)):
            counts["value"] = 0
        marks += counts
        kept += any(
            company in map(str, row)
            and any(owner == str(cell).split(",")[0].strip() for cell in best)
            for company, owner in owners
        )
    return Outcome(
        night.code,
        len(before),
        marks["form"],
        marks["value"],
        kept,
        owners.total(),
        night.quiet,
    )


def documented(name: str, line: str) -> str:
    """Return the line of the docs' table about a file; write it there first where that was asked for."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    place = next(n for n, text in enumerate(lines) if text.startswith(f"| {name} |"))
    if os.environ.get("WRITE_DOCS"):
        lines[place] = line
        PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lines[place]


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_value_changes_no_owner_is_lost_and_the_second_night_is_quiet(
    sheetsync: Shell, tmp_path: Path, name: str
) -> None:
    source = STRANGERS if name not in SAMPLES else DATA
    path = Path(shutil.copy(source / name, tmp_path / name))
    result = outcome(name, sheetsync, path)
    assert result.adopted in (0, 2)
    assert result.clients == LAYOUTS[name].clients
    assert result.value == 0
    assert result.owners == result.of_owners
    assert result.quiet
    assert documented(name, result.line(name, LAYOUTS[name])) == result.line(name, LAYOUTS[name])


def test_every_file_is_played() -> None:
    assert {path.name for path in STRANGERS.iterdir()} | SAMPLES == {*LAYOUTS}
