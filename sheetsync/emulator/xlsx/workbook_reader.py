"""Has openpyxl read a package: first what its tabs have in common, then what is left of each tab.

Which cells are read without it is left to cells/tab_cells.py.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.xml.constants import SHARED_STRINGS

from sheetsync.emulator.xlsx.cells.shared_strings import shared_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.xlsx.package.zip_package import Package


class _Archive:
    """A package in the manner of the zip file that openpyxl reads."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.filename = ""
        self.source: Callable[[str, bytes], bytes] | None = None

    def namelist(self) -> list[str]:
        """Give the parts' names."""
        return self._package.names

    def read(self, name: str) -> bytes:
        """Give a part's bytes; KeyError where there is no such part."""
        return self._package.read(name)

    def open(self, name: str, _mode: str = "r") -> io.BytesIO:
        """Give a part as a stream; of a tab only what `source` leaves of it."""
        data = self.read(name)
        return io.BytesIO(
            data if self.source is None else self.source(name, data)
        )

    def close(self) -> None:
        """Nothing is held open."""


class WorkbookReader(ExcelReader):
    """Has openpyxl read a package: first what is common to all tabs, then the tabs."""

    def __init__(self, package: Package) -> None:
        # What the base class takes a file for is set here.
        self.archive: Any = _Archive(package)
        self.valid_files = package.names
        self.read_only = self.keep_vba = self.data_only = False
        self.keep_links = self.rich_text = True
        self.shared_strings: Any = []

    def read_frame(self) -> Any:
        """Give the workbook without a tab: its styles, properties and shared texts are read."""
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        self.read_properties()
        self.read_custom()
        self.read_theme()
        apply_stylesheet(self.archive, self.wb)
        return self.wb

    def read_strings(self) -> None:
        """Read the shared texts; openpyxl makes objects of those in several formats alone."""
        package: Any = self.package
        part = package.find(SHARED_STRINGS)
        if part is not None:
            name = part.PartName[1:]
            self.shared_strings = shared_texts(self.archive.read(name))

    def read_tabs(self, source: Callable[[str, bytes], bytes]) -> None:
        """Read the tabs; `source` gives what openpyxl is to read of a part and its bytes.

        None of the styles is a date's as far as openpyxl is told.
        """
        workbook: Any = self.wb
        # openpyxl has no switch for it.
        workbook._date_formats = set()  # noqa: SLF001
        self.archive.source = source
        self.read_worksheets()
        self.parser.assign_names()
