"""Why a tab is left alone, in words."""

from sheetsync.i18n import Language, marked

_REASONS = {
    "empty": marked("empty"),
    "pictures": marked("nothing but pictures"),
    "too_wide": marked("too many columns"),
    "no_headings": marked("no heading row"),
    "not_clients": marked("no clients"),
    "own_tab": marked("a tab of sheetsync's own"),
    "told": marked("as you say"),
}


def reason_words(reason: str, language: Language) -> str:
    """Say the reason of a `SkippedTab`."""
    return language.text(_REASONS[reason])
