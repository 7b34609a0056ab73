"""Looks into a file before it is trusted: is it a workbook, what would a save lose, how big are its note boxes.

Only the zip and its XML are looked at; reading the workbook itself is left to xlsx_load.py.
"""

from __future__ import annotations

import importlib.util
import io
import posixpath
import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sheetsync.emulator.errors import NotAWorkbook

if TYPE_CHECKING:
    from pathlib import Path

_OLE = b"\xd0\xcf\x11\xe0"  # an encrypted .xlsx, or an old .xls, is such a container
_LOST = (
    ("xl/vbaProject.bin", "macros"),
    ("xl/slicers/", "slicers"),
    ("xl/slicerCaches/", "slicers"),
    ("xl/timelines/", "timelines"),
    ("xl/timelineCaches/", "timelines"),
    ("xl/connections.xml", "external connections"),
    ("xl/queryTables/", "query tables"),
    ("xl/model/", "a data model"),
    ("xl/activeX/", "ActiveX controls"),
    ("xl/ctrlProps/", "form controls"),
    ("xl/embeddings/", "embedded objects"),
    ("xl/diagrams/", "SmartArt"),
    ("xl/threadedComments/", "threaded comments"),
    ("xl/pivotTables/", "pivot tables"),
    ("xl/webextensions/", "web extensions"),
    ("xl/richData/", "rich data types"),
    ("xl/metadata.xml", "dynamic arrays"),
    ("xl/revisions/", "shared change history"),
    ("xl/chartEx/", "charts of new kinds"),
    ("xl/charts/chartEx", "charts of new kinds"),
    ("_xmlsignatures/", "digital signatures"),
)
_EXTENSIONS = (
    (b"x14:dataValidations", "dropdowns of Excel's extended kind"),
    (b"x14:conditionalFormattings", "conditional formats of Excel's extended kind"),
    (b"x14:sparklineGroups", "sparklines"),
    (b"<oleObjects", "embedded objects"),
    (b"<controls", "form controls"),
    (b"<picture ", "background pictures"),
    (b"<legacyDrawingHF", "pictures in headers"),
    (b't="dataTable"', "what-if data tables"),
)
_SHAPES = re.compile(rb"<(?:xdr:)?(?:sp|grpSp|cxnSp)[ >]")
_PICTURES = re.compile(rb"<(?:xdr:)?pic[ >]")
_BOX = re.compile(r"<\w+:shape .*?</\w+:shape>", re.DOTALL)
_PIXELS = {"pt": 4 / 3, "px": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
_NOT_SHAPES = ("xl/drawings/", ".xml")


def open_zip(path: Path, data: bytes) -> zipfile.ZipFile:
    """Give the zip of a workbook; NotAWorkbook for anything else."""
    if data[:4] == _OLE:
        raise NotAWorkbook(path, "it is protected by a password, or an .xls of old")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        if archive.testzip() is not None or "[Content_Types].xml" not in archive.namelist():
            raise NotAWorkbook(path, "it is damaged")
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise NotAWorkbook(path, "it is no .xlsx") from error
    return archive


def losses(archive: zipfile.ZipFile) -> tuple[str, ...]:
    """Tell what a save would lose, in words; empty where everything is carried over."""
    found: list[str] = []
    for name in archive.namelist():
        found.extend(words for start, words in _LOST if name.startswith(start))
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            text = archive.read(name)
            found.extend(words for mark, words in _EXTENSIONS if mark in text)
        elif name.startswith(_NOT_SHAPES[0]) and name.endswith(_NOT_SHAPES[1]):
            found.extend(_drawn(archive.read(name)))
    return tuple(dict.fromkeys(found))


def _drawn(xml: bytes) -> list[str]:
    out = ["shapes and text boxes"] if _SHAPES.search(xml) else []
    if _PICTURES.search(xml) and importlib.util.find_spec("PIL") is None:
        out.append("pictures")
    return out


def note_boxes(archive: zipfile.ZipFile) -> dict[str, dict[tuple[int, int], tuple[float, float]]]:
    """Give for each tab's title: (row, column) -> (width, height) of its notes' boxes, in pixels."""
    out: dict[str, dict[tuple[int, int], tuple[float, float]]] = {}
    for title, path in _tab_paths(archive).items():
        folder, _, file = path.rpartition("/")
        rels = f"{folder}/_rels/{file}.rels"
        found = re.search(rb'Target="([^"]*\.vml)"', archive.read(rels)) if rels in archive.namelist() else None
        if found:
            out[title] = _boxes(archive, _joined(folder, found[1].decode()))
    return out


def _joined(folder: str, target: str) -> str:
    return posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))


def _tab_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Give each tab's path in the zip by its title; {} where the workbook's parts are not where they usually are."""
    names = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    if not set(names) <= set(archive.namelist()):
        return {}
    book, rels = (ET.fromstring(archive.read(name)) for name in names)  # noqa: S314  # openpyxl parses the same bytes
    targets = {rel.get("Id"): rel.get("Target", "") for rel in rels}
    out = {}
    for tab in book.iter():
        if tab.tag.endswith("}sheet"):
            number = next((value for name, value in tab.items() if name.endswith("}id")), None)
            out[tab.get("name", "")] = _joined("xl", targets.get(number, ""))
    return out


def _boxes(archive: zipfile.ZipFile, name: str) -> dict[tuple[int, int], tuple[float, float]]:
    out: dict[tuple[int, int], tuple[float, float]] = {}
    if name not in archive.namelist():
        return out
    for shape in _BOX.findall(archive.read(name).decode("utf-8", "replace")):
        row, column = re.search(r"<\w+:Row>(\d+)", shape), re.search(r"<\w+:Column>(\d+)", shape)
        width, height = _length(shape, "width"), _length(shape, "height")
        if row and column and width and height:
            out[int(row[1]), int(column[1])] = (width, height)
    return out


def _length(shape: str, name: str) -> float | None:
    found = re.search(rf"[;'\"\s]{name}:\s*([\d.]+)(pt|px|in|cm|mm)", shape)
    return float(found[1]) * _PIXELS[found[2]] if found else None
