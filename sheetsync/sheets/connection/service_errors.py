"""What went wrong with a request, in the user's words: what happened, and what to do.

Which failures pass, and what is sent again, is client.py's.
"""

import re
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError, TransportError
from gspread.exceptions import APIError

from sheetsync.errors import (
    AccessDenied,
    BookFull,
    BookNotFound,
    CredentialsError,
    OutcomeUnknown,
    OutOfTime,
    RequestRefused,
    ServiceBusy,
    ServiceError,
    SheetsyncError,
)
from sheetsync.i18n import Language
from sheetsync.sheets.connection import file_problems
from sheetsync.sheets.connection.answers import WrongAnswer
from sheetsync.sheets.connection.bounded import OverDeadline

NOT_FOUND, FORBIDDEN, UNAUTHORIZED = 404, 403, 401
TOO_MANY, SERVER_ERRORS = 429, 500
DEADLINE_EXCEEDED = 504
GRID_FULL = re.compile(r"number of (cells|rows|columns) in the work\w+ above")
"""How Google says that a grid would be too large."""
NEVER_SENT = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.ProxyError,
    requests.exceptions.SSLError,
)
"""Errors after which a request has certainly not arrived."""


WRONG = (
    WrongAnswer,
    requests.exceptions.InvalidJSONError,
    requests.exceptions.TooManyRedirects,
)
"""Answers that are none of the service's."""


def explained(
    error: Exception, language: Language, *, writing: bool
) -> SheetsyncError:
    """Return the error that people read. `writing`: whether the request may have been applied."""
    if isinstance(error, APIError) and _is_a_page(error):
        return _unknown(language) if writing else _not_googles(language)
    if isinstance(error, APIError):
        return file_problems.of_detail(_detail(error), language) or _refused(
            error, language, writing=writing
        )
    if isinstance(error, GoogleAuthError) and not isinstance(
        error, TransportError
    ):
        return _bad_credentials(language)
    if writing and isinstance(error, OverDeadline):
        return _unknown(language, OutOfTime)
    if writing and not _never_sent(error):
        return _unknown(language)
    if isinstance(error, WRONG):
        return _not_googles(language)
    text = language.text
    fix = text(
        "Check the network, a proxy or a firewall, and run the command again; nothing was changed."
    )
    return ServiceBusy(text("Google's service could not be reached."), fix=fix)


def _never_sent(error: Exception) -> bool:
    reasons = ("NewConnectionError", "NameResolution")
    return isinstance(error, NEVER_SENT) or any(
        reason in str(error) for reason in reasons
    )


def _not_googles(language: Language) -> ServiceError:
    """Explain an answer that came in the service's name, and cannot be its own."""
    text = language.text
    fix = text(
        "Try again in a few minutes. If it stays so, look for what answers in Google's stead: a "
        "proxy, or the sign-in page of a network; nothing was changed."
    )
    message = text("Google's service has answered something that is no answer.")
    return ServiceError(message, fix=fix)


def too_slow(language: Language, seconds: float) -> ServiceError:
    """Return the error for a service that has kept a run waiting for too long altogether."""
    text = language.text
    fix = text(
        "Try again later. What stands in the Journal is done; nothing else was changed."
    )
    minutes = max(1, round(seconds / 60))
    message = text(
        "Google's service is too slow: we gave up after {n} min.", n=minutes
    )
    return ServiceError(message, fix=fix)


def _bad_credentials(language: Language) -> CredentialsError:
    text = language.text
    fix = text(
        "Check that the key is still valid and this machine's clock is right; "
        "make a new key if need be."
    )
    return CredentialsError(
        text("Google does not accept the credentials."), fix=fix
    )


def _unknown(
    language: Language, kind: type[OutcomeUnknown] = OutcomeUnknown
) -> OutcomeUnknown:
    text = language.text
    message = text(
        "The changes were sent, but no answer came: they may or may not have been made."
    )
    fix = text(
        "Look at the Journal tab: if this run stands there, it was done. "
        "Otherwise run the command again."
    )
    return kind(message, fix=fix)


def _refused(
    error: APIError, language: Language, *, writing: bool
) -> SheetsyncError:
    """Explain an answer of the service by its status."""
    text = language.text
    status = error.response.status_code
    if status == NOT_FOUND:
        fix = text(
            "Copy the address from the browser's address bar, or check the id."
        )
        return BookNotFound(
            text("There is no spreadsheet at this address."), fix=fix
        )
    if status == FORBIDDEN:
        fix = text(
            "Share the spreadsheet with the account's e-mail address, as an editor."
        )
        return AccessDenied(
            text("The account may not open or edit this spreadsheet."), fix=fix
        )
    if status == UNAUTHORIZED:
        message = text("Google does not accept the credentials.")
        return CredentialsError(message, fix=text("Make a new key."))
    if status == TOO_MANY:
        fix = text("Try again in a few minutes; nothing was changed.")
        return ServiceBusy(
            text("Google's limit of requests a minute is used up."), fix=fix
        )
    if status == DEADLINE_EXCEEDED and writing:
        return _unknown(language, OutOfTime)
    if status >= SERVER_ERRORS and writing:
        return _unknown(language)
    if status >= SERVER_ERRORS:
        fix = text("Try again in a few minutes; nothing was changed.")
        return ServiceError(
            text("Google's service is out of order just now."), fix=fix
        )
    return _invalid(str(error.error.get("message", "")), language)


def _invalid(answer: str, language: Language) -> RequestRefused:
    """Explain the refusal of a request that the service found invalid. `answer`: its words."""
    text = language.text
    if GRID_FULL.search(answer):
        fix = text(
            "Delete empty rows and columns and run the command again; nothing was changed."
        )
        return BookFull(
            text(
                "The spreadsheet is full: it takes no more cells, rows or columns."
            ),
            fix=fix,
        )
    message = text(
        "The spreadsheet refused the request: {message}", message=answer
    )
    fix = text(
        "Nothing was changed. If it happens again, send us this message."
    )
    return RequestRefused(message, fix=fix)


def _is_a_page(error: APIError) -> bool:
    """Tell whether a refusal is a proxy's page, which says nothing of the spreadsheet."""
    status = error.response.status_code
    if status >= SERVER_ERRORS or status == TOO_MANY:
        return False
    # gspread gives another number to what it cannot read.
    return bool(error.error.get("code") != status)


def _detail(error: APIError) -> dict[str, Any]:
    """Return the first detail of an error, empty where it has none."""
    details = error.error.get("details")
    first = details[0] if isinstance(details, list) and details else {}
    return first if isinstance(first, dict) else {}
