"""The error of a base that people do not leave alone for a moment.

When it is raised is for each service to know.
"""

from sheetsync.errors import BookChanged
from sheetsync.i18n import Language


def busy(language: Language) -> BookChanged:
    """Return the error to raise where what was read holds no longer; nothing was written."""
    text = language.text
    fix = text("Run the command again in a few minutes; nothing was written.")
    return BookChanged(text("The base is being edited just now."), fix=fix)
