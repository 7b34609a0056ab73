"""The interactions that the emulator is known to answer otherwise than Google did, each with its reason.

What is not here must be answered alike; what is here and answered alike is an entry too many.
"""

from __future__ import annotations

known_differences: dict[tuple[str, int], str] = {
    ("WorksheetTest.test_auto_resize_columns", 8): (
        "The width of a column of long text depends on how Google's fonts are drawn: an estimate here, at most 600 pixels."
    ),
    (
        "WorksheetTest.test_auto_resize_columns",
        17,
    ): "The same in the file's second recording session.",
}
