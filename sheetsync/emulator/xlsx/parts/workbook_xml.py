"""workbook.xml: its tabs in order, its defined names, which tab is open.

Everything else of it stays as it is.

What the tabs hold is left to patch.py, which names are ranges of the API to the book.
"""

from __future__ import annotations

from typing import NamedTuple
from xml.sax.saxutils import escape

from sheetsync.emulator.xlsx.cells.sheet_xml import RELATIONS
from sheetsync.emulator.xlsx.package.xml_text import (
    Element,
    attributes,
    children,
    decoded,
    element,
    local,
    plain,
    rebuilt,
    root_of,
)

_ORDER = [
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "AlternateContent",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
]


class Tab(NamedTuple):
    """A tab's entry.

    Its title, the relation to its part, its number in the file, and "visible", "hidden" or ...
    """

    title: str
    relation: str
    number: int
    state: str = "visible"
    text: str = ""


class DefinedName(NamedTuple):
    """A defined name: what it says, and the tab that it belongs to by its place.

    None for the whole book.
    """

    name: str
    text: str
    scope: int | None = None
    start: str = "<definedName>"


class BookXml:
    """workbook.xml as text."""

    def __init__(self, data: bytes) -> None:
        self.prolog, self.root = root_of(decoded(data))
        self.parts: list[Element] = children(self.root.inner)
        sheets = next(
            (part for part in self.parts if local(part.name) == "sheets"), None
        )
        self.tabs = (
            [_tab(child) for child in children(sheets.inner)] if sheets else []
        )
        names = next(
            (part for part in self.parts if local(part.name) == "definedNames"),
            None,
        )
        self.names = (
            [_name(child) for child in children(names.inner)] if names else []
        )

    def put_tabs(self, tabs: list[Tab]) -> None:
        """Replace the list of tabs."""
        prefix = _relation_prefix(self.root.start)
        self.tabs = tabs
        self._put("sheets", "".join(_tab_text(tab, prefix) for tab in tabs))

    def put_names(self, names: list[DefinedName]) -> None:
        """Replace the defined names."""
        self.names = names
        lines = []
        for name in names:
            given = {
                key: value
                for key, value in attributes(name.start).items()
                if key != "localSheetId"
            }
            given["name"] = name.name
            if name.scope is not None:
                given["localSheetId"] = str(name.scope)
            lines.append(element("definedName", given, escape(name.text)))
        self._put("definedNames", "".join(lines))

    def show(
        self,
        was: list[str],
        now: list[str],
        hidden: list[bool],
        selected: bool,  # noqa: FBT001  # one of the facts about a book's tabs
    ) -> None:
        """Keep the open tab open; where it is gone or hidden, the first that is shown is.

        A book that is open at its first tab stays open at its first tab, be it a new one; but not
        where the tab itself says that it is `selected`: two tabs would be edited as one.
        """
        views = next(
            (part for part in self.parts if local(part.name) == "bookViews"),
            None,
        )
        if views is None:
            return
        lines = []
        for view in children(views.inner):
            given = attributes(view.start)
            old = int(given.get("activeTab", 0))
            known = (
                old < len(was)
                and was[old] in now
                and not hidden[now.index(was[old])]
            )
            if old == 0 and now[0] not in was and not hidden[0]:
                known = known and selected
            active = (
                now.index(was[old])
                if known
                else next((i for i, out in enumerate(hidden) if not out), 0)
            )
            if active != old:
                given["activeTab"] = str(active)
            if int(given.get("firstSheet", 0)) >= len(now):
                given.pop("firstSheet")
            lines.append(element(view.name, given, view.inner))
        self._put("bookViews", "".join(lines))

    def recalculate(self) -> None:
        """Have other programs compute anew when they open the file."""
        at = next(
            (
                i
                for i, part in enumerate(self.parts)
                if local(part.name) == "calcPr"
            ),
            None,
        )
        given = attributes(self.parts[at].start) if at is not None else {}
        given["fullCalcOnLoad"] = "1"
        text = element("calcPr", given)
        if at is not None:
            self.parts[at] = Element("calcPr", text, "", text)
        else:
            self._insert(Element("calcPr", text, "", text))

    def _put(self, name: str, inner: str) -> None:
        at = next(
            (
                i
                for i, part in enumerate(self.parts)
                if local(part.name) == name
            ),
            None,
        )
        if at is None:
            if inner:
                self._insert(
                    Element(
                        name, f"<{name}>", inner, f"<{name}>{inner}</{name}>"
                    )
                )
            return
        old = self.parts[at]
        start = (
            old.start[:-2].rstrip() + ">"
            if old.start.endswith("/>")
            else old.start
        )
        self.parts[at] = Element(
            old.name, start, inner, f"{start}{inner}</{old.name}>"
        )
        if not inner:
            del self.parts[at]

    def _insert(self, part: Element) -> None:
        rank = _ORDER.index(part.name)
        before = [
            i
            for i, other in enumerate(self.parts)
            if _rank(local(other.name)) < rank
        ]
        self.parts.insert(before[-1] + 1 if before else 0, part)

    def data(self) -> bytes:
        """Give the part's bytes."""
        return (
            self.prolog + rebuilt(self.root, [part.text for part in self.parts])
        ).encode()


def _rank(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else 0


def _tab(child: Element) -> Tab:
    given = attributes(child.start)
    relation = next(
        (value for name, value in given.items() if name.endswith(":id")), ""
    )
    number = given.get("sheetId", "0")
    return Tab(
        given.get("name", ""),
        relation,
        int(number) if number.isdigit() else 0,
        given.get("state", "visible"),
        child.start,
    )


def _relation_prefix(start: str) -> str:
    for name, value in attributes(start).items():
        if name.startswith("xmlns:") and value.endswith(
            "/officeDocument/2006/relationships"
        ):
            return name[len("xmlns:") :]
    return ""


def _tab_text(tab: Tab, prefix: str) -> str:
    old = attributes(tab.text) if tab.text else {}
    given = {
        name: value
        for name, value in old.items()
        if name not in ("name", "sheetId", "state")
    }
    given = {"name": tab.title, "sheetId": str(tab.number), **given}
    if tab.state != "visible":
        given["state"] = tab.state
    if not any(name.endswith(":id") for name in given):
        given[f"{prefix or 'r'}:id"] = tab.relation
        # Some programs declare it on each tab's entry instead of once for all
        if not prefix:
            given["xmlns:r"] = RELATIONS
    return element("sheet", given)


def _name(child: Element) -> DefinedName:
    given = attributes(child.start)
    scope = given.get("localSheetId", "")
    return DefinedName(
        given.get("name", ""),
        plain(child.inner),
        int(scope) if scope.isdigit() else None,
        child.start,
    )
