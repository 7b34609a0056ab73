"""The address at which people open a book in a browser.

How a program opens one is the sheets room's.
"""

from sheetsync.sheets.connection.open_book import Opened
from sheetsync.workbook.snapshot import Book

GOOGLE = "https://docs.google.com/spreadsheets/d/"


def book_address(opened: Opened, book: Book, *, shown: bool) -> str:
    """Return the address of a book, "" for a local file.

    `shown`: whether it is Google's, so that people can open it; else it is "", too.
    """
    if opened.path is not None or not shown:
        return ""
    return f"{GOOGLE}{book.id}/edit"
