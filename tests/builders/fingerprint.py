"""A whole .xlsx said part by part in a normal form, and how two of them differ, in lines for people.

Two files are alike where Excel would show the same: styles are resolved, shared formulas written
out, rules told by the cells they lie on, whatever part or list of the file holds them. Values that
formulas have left beside them are passed over: `figures` is about these. It shares no code with the
program.
"""

import posixpath
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from openpyxl.formula.translate import Translator
from openpyxl.utils.cell import get_column_letter, range_boundaries

Fingerprint = Mapping[str, str]
"""What stands where: "Tab!B3 value" -> the value; "Tab conditional …" -> the cells it lies on."""

LAST_ROW = 1 << 20
LAST_COLUMN = 1 << 14
_CACHES = {"numCache", "strCache", "multiLvlStrCache"}
_IN_CELLS = {"sheetData", "dimension"}
_TOLD_APART = {"cols", "conditionalFormatting", "dataValidations", "mergeCells", "extLst"}
_PARTS = {"drawing", "chart", "comments", "table", "pivotTable", "pivotCacheDefinition", "image"}
"""Kinds of parts that hang on a tab and are looked at; those of printers and boxes are not."""
_LINKED = {"drawing", "legacyDrawing", "tableParts"}
"""Elements that only name such parts, by numbers that mean nothing."""


def differences(before: Fingerprint, after: Fingerprint) -> list[str]:
    """Say what is another in the second file, a line each: where, what was, what is."""
    lines = []
    for place in sorted({*before, *after}):
        was, now = before.get(place, "-"), after.get(place, "-")
        if was != now:
            lines.append(f"{place}: {was} => {now}")
    return lines


def of_file(path: Path) -> dict[str, str]:
    """Say what is in an .xlsx."""
    with zipfile.ZipFile(path) as package:
        return _Reading(package).all()


def figures(path: Path) -> dict[str, str]:
    """Return the values that the formulas of a file show, by cell: as they were last computed."""
    with zipfile.ZipFile(path) as package:
        reading = _Reading(package)
        shown = {}
        for title, part in reading.tabs():
            for cell in reading.tree(part).iter(_main("c")):
                value = cell.find(_main("v"))
                if cell.find(_main("f")) is not None:
                    text = "" if value is None or value.text is None else value.text
                    shown[f"{title}!{cell.get('r')}"] = _plain_number(text)
    return shown


def _plain_number(text: str) -> str:
    """Return a number without what the last digits of a sum depend on."""
    try:
        return f"{float(text):.9g}"
    except ValueError:
        return text


def _main(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/spreadsheetml/2006/main}}{name}"


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _spelt(node: ET.Element) -> str:
    """Write an element in one way, whatever its prefixes and the order of its attributes."""
    if _local(node.tag) in _CACHES:
        return ""
    marks = [f"{_local(name)}={value}" for name, value in sorted(node.attrib.items())]
    inner = "".join(_spelt(child) for child in node)
    text = (node.text or "").strip()
    return f"{_local(node.tag)}({' '.join(marks)}){{{text}{inner}}}"


class _Cells(NamedTuple):
    """Cells of one column: rows [top, bottom]."""

    column: int
    top: int
    bottom: int


def areas(references: str) -> str:
    """Write a list of ranges in one way, however the same cells were cut into ranges."""
    by_column: dict[int, list[_Cells]] = defaultdict(list)
    for reference in references.split():
        left, top, right, bottom = range_boundaries(reference.replace("$", ""))
        for column in range(left or 1, min((right or LAST_COLUMN), LAST_COLUMN) + 1):
            by_column[column].append(_Cells(column, top or 1, bottom or LAST_ROW))
    stretches: dict[tuple[tuple[int, int], ...], list[int]] = defaultdict(list)
    for column, cells in sorted(by_column.items()):
        joined: list[tuple[int, int]] = []
        for _, top, bottom in sorted(cells):
            if joined and top <= joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], max(joined[-1][1], bottom))
            else:
                joined.append((top, bottom))
        stretches[tuple(joined)].append(column)
    parts = []
    for rows, columns in stretches.items():
        letters = _letters(columns)
        parts += [f"{letters} {top}-{bottom}" for top, bottom in rows]
    return "; ".join(sorted(parts))


def _letters(columns: list[int]) -> str:
    runs: list[list[int]] = []
    for column in columns:
        if runs and runs[-1][-1] == column - 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    names = [f"{get_column_letter(run[0])}:{get_column_letter(run[-1])}" for run in runs]
    return ",".join(names)


class _Reading:
    """One package as it is read."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.names = set(package.namelist())
        self.strings = [_said(item) for item in self._children("xl/sharedStrings.xml")]
        self._read_styles()

    def tree(self, part: str) -> ET.Element:
        # Of files that the tests have made.
        return ET.fromstring(self.package.read(part))  # noqa: S314

    def _children(self, part: str) -> list[ET.Element]:
        return list(self.tree(part)) if part in self.names else []

    def relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Go through what a part is related to: id, kind, target."""
        folder, name = posixpath.split(part)
        rels = f"{folder}/_rels/{name}.rels"
        for node in self._children(rels):
            kind = node.get("Type", "").rpartition("/")[2]
            target = node.get("Target", "")
            if node.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            yield node.get("Id", ""), kind, target

    def tabs(self) -> Iterator[tuple[str, str]]:
        """Go through the tabs in their order: title and part."""
        targets = {number: target for number, _, target in self.relations("xl/workbook.xml")}
        for node in self.tree("xl/workbook.xml").iter(_main("sheet")):
            number = next(v for k, v in node.attrib.items() if _local(k) == "id" and "}" in k)
            yield node.get("name", ""), targets[number]

    def _read_styles(self) -> None:
        root = self.tree("xl/styles.xml")
        lists = {_local(node.tag): list(node) for node in root}
        formats = {n.get("numFmtId"): n.get("formatCode") for n in lists.get("numFmts", [])}
        resolved: dict[str, dict[str, str]] = {}
        for name, held in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            nodes = lists.get(held, [])
            resolved[name] = {str(number): _spelt(node) for number, node in enumerate(nodes)}
        resolved["numFmtId"] = {str(n): str(text) for n, text in formats.items()}
        self.styles = []
        for node in lists.get("cellXfs", []):
            marks = [
                f"{name}:{resolved[name].get(value, value)}"
                for name, value in sorted(node.items())
                if name in resolved
            ]
            marks += [_spelt(child) for child in node]
            self.styles.append(" ".join(marks))
        self.rule_styles = [_rule_style(node) for node in lists.get("dxfs", [])]

    def all(self) -> dict[str, str]:
        """Say everything."""
        said: dict[str, str] = {}
        titles = []
        for title, part in self.tabs():
            titles.append(title)
            said |= self._tab(title, self.tree(part))
            said |= dict(self._parts(title, part))
        said |= dict(self._book(titles))
        return said

    def _book(self, titles: list[str]) -> Iterator[tuple[str, str]]:
        root = self.tree("xl/workbook.xml")
        yield "book order of tabs", " | ".join(titles)
        for node in root.iter(_main("sheet")):
            yield f"{node.get('name')} tab", node.get("state", "visible")
        for node in root.iter(_main("definedName")):
            name = node.get("name", "")
            if name.startswith("_sheetsync"):
                continue
            local = node.get("localSheetId")
            home = titles[int(local)] if local else "book"
            yield f"{home} name {name}", (node.text or "").replace("'", "")
        for node in root.iter(_main("workbookView")):
            yield "book active tab", titles[int(node.get("activeTab", "0"))]
        for _, kind, target in self.relations("xl/workbook.xml"):
            if kind == "pivotCacheDefinition":
                source = next(self.tree(target).iter(_main("worksheetSource")), None)
                yield f"book pivot source {target}", "" if source is None else _spelt(source)

    def _tab(self, title: str, root: ET.Element) -> dict[str, str]:
        said: dict[str, str] = {}
        for node in root:
            name = _local(node.tag)
            if name == "sheetData":
                said |= dict(self._rows(title, node))
            elif name not in _IN_CELLS | _TOLD_APART | _LINKED:
                # How deep groups go is told by the rows themselves.
                spelt = re.sub(r" ?outlineLevel(Row|Col)=\d", "", _spelt(node))
                said[f"{title} {name}"] = spelt
        said |= dict(self._columns(title, root))
        said |= dict(self._rules(title, root))
        merges = [node.get("ref", "") for node in root.iter(_main("mergeCell"))]
        if merges:
            said[f"{title} merges"] = " ".join(sorted(merges))
        return said

    def _columns(self, title: str, root: ET.Element) -> Iterator[tuple[str, str]]:
        for node in root.iter(_main("col")):
            first, last = int(node.get("min", "1")), int(node.get("max", "1"))
            marks = [
                f"{name}={value}"
                for name, value in sorted(node.items())
                if name in {"width", "hidden", "outlineLevel", "collapsed"} and value != "0"
            ]
            for column in range(first, min(last, 60) + 1):
                yield f"{title} column {get_column_letter(column)}", " ".join(marks)

    def _rows(self, title: str, data: ET.Element) -> Iterator[tuple[str, str]]:
        shared: dict[str, tuple[str, str]] = {}
        for row in data:
            marks = [
                f"{name}={value}"
                for name, value in sorted(row.items())
                if name in {"ht", "hidden", "outlineLevel", "collapsed"} and value != "0"
            ]
            if marks:
                yield f"{title} row {row.get('r')}", " ".join(marks)
            for cell in row:
                place = cell.get("r", "")
                style = self.styles[int(cell.get("s", "0"))]
                if style != self.styles[0]:
                    yield f"{title}!{place} style", style
                value = self._value(cell, place, shared)
                if value:
                    yield f"{title}!{place} value", value

    def _value(self, cell: ET.Element, place: str, shared: dict[str, tuple[str, str]]) -> str:
        formula = cell.find(_main("f"))
        if formula is not None:
            return self._formula(formula, place, shared)
        value = cell.find(_main("v"))
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _text_or_nothing("".join(_said(held) for held in cell))
        if value is None or value.text is None:
            return ""
        if kind == "s":
            return _text_or_nothing(self.strings[int(value.text)])
        return f"{kind} {_plain_number(value.text)}"

    @staticmethod
    def _formula(formula: ET.Element, place: str, shared: dict[str, tuple[str, str]]) -> str:
        text = formula.text or ""
        number = formula.get("si")
        if formula.get("t") == "shared" and number is not None:
            if text:
                shared[number] = (text, place)
            else:
                first, origin = shared[number]
                text = Translator(f"={first}", origin).translate_formula(place)[1:]
        if formula.get("t") == "array":
            return f"={{{text.replace(chr(39), '')}}} over {formula.get('ref')}"
        return f"={text.replace(chr(39), '')}"

    def _rules(self, title: str, root: ET.Element) -> Iterator[tuple[str, str]]:
        """Go through conditional formats and validations, by what they say: the cells they lie on."""
        cells: dict[str, list[str]] = defaultdict(list)
        for node in root.iter():
            name = _local(node.tag)
            if name == "conditionalFormatting":
                place = node.get("sqref") or _place_within(node)
                for rule in node:
                    if _local(rule.tag) == "cfRule":
                        cells[f"conditional {self._rule(rule)}"].append(place)
            elif name == "dataValidation":
                place = node.get("sqref") or _place_within(node)
                cells[f"validation {_validation(node)}"].append(place)
            elif name == "sparkline":
                cells[f"sparkline {_texts(node)}"].append(_place_within(node))
        for said, places in cells.items():
            yield f"{title} {said}", areas(" ".join(places))

    def _rule(self, rule: ET.Element) -> str:
        marks = {name: value for name, value in rule.items() if name not in {"priority", "id"}}
        if "dxfId" in marks:
            marks["dxfId"] = self.rule_styles[int(marks["dxfId"])]
        spelt = " ".join(f"{name}={value}" for name, value in sorted(marks.items()))
        return spelt + "".join(_spelt(child) for child in rule if _local(child.tag) != "extLst")

    def _parts(self, title: str, part: str) -> Iterator[tuple[str, str]]:
        """Go through the parts that hang on a tab, each named by its kind and its place in the order."""
        count: dict[str, int] = defaultdict(int)
        for _, kind, target in sorted(self.relations(part), key=lambda r: r[2]):
            if kind not in _PARTS or target not in self.names:
                continue
            count[kind] += 1
            place = f"{title} {kind} {count[kind]}"
            if kind == "image":
                yield place, str(len(self.package.read(target)))
                continue
            if kind == "pivotCacheDefinition":
                continue
            for number, node in enumerate(self.tree(target)):
                yield f"{place} {number} {_local(node.tag)}", _without_numbers(_spelt(node))
            yield from self._parts(place, target)


_NUMBERS = re.compile(r"\b(id|embed)=rId\d+")


def _without_numbers(spelt: str) -> str:
    """Take out the names of relations, which mean nothing."""
    return _NUMBERS.sub(r"\1", spelt)


def _texts(node: ET.Element) -> str:
    return "".join(text for each in node.iter() for text in [each.text or ""])


def _rule_style(node: ET.Element) -> str:
    """Write the looks that a rule gives; of a plain fill its colour alone counts in one."""
    spelt = re.sub(r"fgColor\([^)]*\)\{\}", "", _spelt(node))
    spelt = spelt.replace("patternFill(patternType=solid)", "patternFill()")
    return re.sub(r"rgb=(?:00|FF)(?=\w{6}\b)", "rgb=", spelt)


def _text_or_nothing(text: str) -> str:
    """Write a text; a cell that holds an empty one shows the same as one that holds nothing."""
    return f"text {text}" if text else ""


def _said(node: ET.Element) -> str:
    """Write a text; with all that it is made of, where parts of it look otherwise."""
    is_plain = all(_local(child.tag) == "t" for child in node)
    return _texts(node) if is_plain else _spelt(node)


def _place_within(node: ET.Element) -> str:
    return next((each.text or "" for each in node.iter() if _local(each.tag) == "sqref"), "")


_DEFAULTS = {"sqref", "uid", "allowBlank", "showErrorMessage", "showInputMessage"}


def _validation(node: ET.Element) -> str:
    """Write what a validation allows; Excel keeps those that read another tab in a list of their own."""
    marks = [f"{n}={v}" for n, v in sorted(node.items()) if _local(n) not in _DEFAULTS and v != "0"]
    formulas = []
    for child in node:
        if _local(child.tag) in {"formula1", "formula2"}:
            formulas.append(_texts(child).strip().replace("'", ""))
    return " ".join([*marks, *formulas])


def without_tabs(said: Fingerprint, titles: Iterable[str]) -> dict[str, str]:
    """Leave out what is said of some tabs."""
    left_out = tuple(f"{title}{mark}" for title in titles for mark in (" ", "!"))
    return {place: text for place, text in said.items() if not place.startswith(left_out)}
