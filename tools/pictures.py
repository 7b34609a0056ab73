"""Draws a workbook as people see it: each tab's first screen, or the pages that a printer gives.

    python tools/pictures.py BOOK.xlsx FOLDER            a picture of 1366 x 768 of each tab
    python tools/pictures.py BOOK.xlsx FOLDER --printed  the pages, as the tabs' own set-up has them

Needs LibreOffice (`soffice`) and Poppler (`pdftoppm`). A screen is drawn as a page of its size on
which as many whole columns and rows of the tab stand as fit on it.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import NamedTuple

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

WIDTH = 1366
HEIGHT = 620
"""Pixels of a screen of 1366 x 768 that a spreadsheet leaves to cells."""
HEADINGS = 46
"""Pixels of the row numbers at the left."""
DOTS = 96
"""Pixels of an inch, at which a column is as wide as on a screen."""
PIXELS_OF_A_SIGN = 7
DEFAULT_COLUMN = 64
DEFAULT_ROW = 20
POINT = 96 / 72
MILLIMETRES_OF_AN_INCH = 25.4


class Tab(NamedTuple):
    """A tab that is shown: its part in the file, its title, the area that fits on a screen."""

    part: str
    place: int
    title: str
    area: str


def _visible_tabs(book: Path) -> list[Tab]:
    workbook = openpyxl.load_workbook(book)
    tabs = []
    for index, sheet in enumerate(workbook.worksheets):
        if sheet.sheet_state == "visible":
            title = sheet.title
            tabs.append(Tab(_part(book, index), index, title, _area(sheet)))
    return tabs


def _part(book: Path, index: int) -> str:
    with zipfile.ZipFile(book) as file:
        workbook = file.read("xl/workbook.xml").decode()
        links = file.read("xl/_rels/workbook.xml.rels").decode()
    sheet = re.findall(r"<sheet [^>]*>", workbook)[index]
    relation = re.search(r'r:id="([^"]+)"', sheet)
    targets = {}
    for link in re.findall(r"<Relationship [^>]*>", links):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', link))
        targets[attributes["Id"]] = attributes["Target"].lstrip("/")
    if relation is None:
        sys.exit(f"{book}: {sheet} names no part of the file")
    target = targets[relation[1]]
    return target if target.startswith("xl/") else f"xl/{target}"


def _area(sheet: Worksheet) -> str:
    widths = _column_widths(sheet)
    columns = _fitting(widths, WIDTH - HEADINGS)
    heights = []
    for number in range(1, sheet.max_row + 1):
        row = sheet.row_dimensions[number]
        pixels = row.height * POINT if row.height else DEFAULT_ROW
        heights.append(0 if row.hidden else pixels)
    rows = _fitting(heights, HEIGHT)
    return f"$A$1:${get_column_letter(columns)}${rows}"


def _column_widths(sheet: Worksheet) -> list[float]:
    widths: list[float] = [DEFAULT_COLUMN] * sheet.max_column
    for column in sheet.column_dimensions.values():
        if not column.min or not column.max:
            continue
        pixels = 0 if column.hidden else column.width * PIXELS_OF_A_SIGN
        for number in range(column.min, min(column.max, len(widths)) + 1):
            widths[number - 1] = pixels
    return widths


def _fitting(sizes: list[float], room: float) -> int:
    count = 0
    for size in sizes:
        room -= size
        if room < 0:
            break
        count += 1
    return max(1, count)


def _as_screens(book: Path, tabs: list[Tab], target: Path) -> None:
    """Write a copy of a workbook of which each tab prints its first screen on one page."""
    parts = {tab.part for tab in tabs}
    with (
        zipfile.ZipFile(book) as file,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in file.namelist():
            content = file.read(name)
            if name in parts:
                content = _screen_page(content.decode()).encode()
            elif name == "xl/workbook.xml":
                content = _with_areas(content.decode(), tabs).encode()
            copy.writestr(name, content)


def _screen_page(xml: str) -> str:
    for tag in ("pageMargins", "pageSetup", "headerFooter", "printOptions"):
        xml = re.sub(
            rf"<{tag}\b[^>]*(/>|>.*?</{tag}>)", "", xml, flags=re.DOTALL
        )
    xml = re.sub(r"<pageSetUpPr\b[^>]*/>", '<pageSetUpPr fitToPage="1"/>', xml)
    sides = ("left", "right", "top", "bottom", "header", "footer")
    margins = " ".join(f'{side}="0"' for side in sides)
    width = round(WIDTH / DOTS * MILLIMETRES_OF_AN_INCH)
    height = round(HEIGHT / DOTS * MILLIMETRES_OF_AN_INCH)
    page = (
        f"<pageMargins {margins}/>"
        f'<pageSetup fitToHeight="1"'
        f' paperWidth="{width}mm" paperHeight="{height}mm"/>'
    )
    place = re.search(
        r"<(rowBreaks|colBreaks|drawing|legacyDrawing|tableParts|extLst)\b"
        r"|</worksheet>",
        xml,
    )
    if place is None:
        sys.exit("a tab without an end")
    return xml[: place.start()] + page + xml[place.start() :]


def _with_areas(xml: str, tabs: list[Tab]) -> str:
    # Areas and titles of the tabs' own would come beside these.
    own = (
        r'<definedName\b[^>]*name="_xlnm\.Print_(Area|Titles)".*?</definedName>'
    )
    xml = re.sub(own, "", xml, flags=re.DOTALL)
    names = []
    for tab in tabs:
        title = tab.title.replace("'", "''").replace("&", "&amp;")
        names.append(
            f'<definedName name="_xlnm.Print_Area" localSheetId="{tab.place}">'
            f"'{title}'!{tab.area}</definedName>"
        )
    block = "".join(names)
    if "<definedNames>" in xml:
        return xml.replace("<definedNames>", f"<definedNames>{block}", 1)
    return re.sub(
        r"</sheets>", f"</sheets><definedNames>{block}</definedNames>", xml
    )


def _pdf(book: Path, folder: Path) -> Path:
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(folder), str(book)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder / f"{book.stem}.pdf"


def _pages(pdf: Path, prefix: Path, dots: int) -> list[Path]:
    command = ["pdftoppm", "-png", "-r", str(dots), str(pdf), str(prefix)]
    subprocess.run(command, check=True)
    return sorted(prefix.parent.glob(f"{prefix.name}-*.png"))


def main() -> None:
    """Draw the workbook that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("book", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--printed", action="store_true")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        if arguments.printed:
            pages = _pages(_pdf(arguments.book, scratch), folder / "page", 70)
            sys.stdout.write(f"{len(pages)} pages in {folder}\n")
            return
        tabs = _visible_tabs(arguments.book)
        copy = scratch / "screens.xlsx"
        _as_screens(arguments.book, tabs, copy)
        pages = _pages(_pdf(copy, scratch), scratch / "page", DOTS)
        if len(pages) != len(tabs):
            sys.exit(f"{len(tabs)} tabs gave {len(pages)} pages")
        for tab, page in zip(tabs, pages, strict=True):
            name = re.sub(r"\W+", "-", tab.title).strip("-")
            target = folder / f"{tab.place:02}-{name}.png"
            target.write_bytes(page.read_bytes())
            sys.stdout.write(f"{target}\n")


if __name__ == "__main__":
    main()
