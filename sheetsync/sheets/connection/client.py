"""The line to the Sheets API: timeouts, a pace, bounded retries of reads, and errors in the user's words.

A write is sent once here: whether it may be sent again is known to lock.py, whose batches can be applied once only.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import requests
import stamina
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient

from sheetsync.errors import (
    AccessDenied,
    BookChanged,
    BookInUse,
    BookNotFound,
    CredentialsError,
    OutcomeUnknown,
    RequestRefused,
    ServiceBusy,
    ServiceError,
    SheetsyncError,
)
from sheetsync.i18n import Language

ROOT = "https://sheets.googleapis.com"
CONNECT_SECONDS = 10
TOO_MANY, SERVER_ERRORS = 429, 500
NEVER_SENT = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.ProxyError,
    requests.exceptions.SSLError,
)

stamina.instrumentation.set_on_retry_hooks([])


class RequestPace:
    """Lets requests through at most `per_second` on average, with a burst at first (Google: about one a second)."""

    def __init__(
        self,
        per_second: float = 1.0,
        burst: int = 6,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.per_second, self.burst = per_second, burst
        self._clock, self._sleep = clock, sleep
        self._tokens, self._seen = float(burst), clock()

    def wait(self) -> None:
        """Return when the next request may be sent."""
        now = self._clock()
        self._tokens = min(float(self.burst), self._tokens + (now - self._seen) * self.per_second)
        self._seen = now
        if self._tokens < 1:
            pause = (1 - self._tokens) / self.per_second
            self._sleep(pause)
            self._tokens, self._seen = 1.0, now + pause
        self._tokens -= 1


class PacedClient(HTTPClient):
    """gspread's own HTTP client with a timeout on every call and another root where one is set."""

    root = ROOT
    pace: RequestPace | None = None

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request, once. Raises APIError for an answer that is no success."""
        if self.pace is not None:
            self.pace.wait()
        try:
            response: requests.Response = super().request(
                method, endpoint.replace(ROOT, self.root, 1), *args, **kwargs
            )
        except (KeyError, TypeError) as error:
            # APIError cannot be made of an error that is not in Google's form: a proxy's or a portal's.
            raise requests.exceptions.InvalidJSONError("an error in no form of Google's") from error
        return response


def _may_pass(error: Exception) -> bool:
    """Tell whether a read that failed so may succeed a moment later."""
    if isinstance(error, APIError):
        status = error.response.status_code
        return status == TOO_MANY or (status >= SERVER_ERRORS and status != 501)  # noqa: PLR2004  # 501: never will be
    if isinstance(error, RefreshError):
        return "invalid_grant" not in str(error) and (
            "<html" in str(error).lower() or error.retryable
        )
    return isinstance(
        error, requests.exceptions.ConnectionError | requests.exceptions.Timeout | TransportError
    )


class SheetsConnection:
    """One spreadsheet's line: `read` may be sent again, `write` is not. Counts what is sent."""

    def __init__(
        self, http: HTTPClient, book_id: str, language: Language, attempts: int = 5
    ) -> None:
        self._http, self._id, self._language, self._attempts = http, book_id, language, attempts
        self.sent: Counter[str] = Counter(read=0, write=0)

    def _url(self, call: str) -> str:
        return f"{ROOT}/v4/spreadsheets/{quote(self._id, safe='')}{call}"

    def read(self, method: str, call: str, **options: Any) -> Any:
        """Send a read, again after a passing failure, with growing jittered pauses. Returns the JSON answer."""
        try:
            for attempt in stamina.retry_context(
                on=_may_pass, attempts=self._attempts, timeout=120, wait_max=30
            ):
                with attempt:
                    self.sent["read"] += 1
                    return self._http.request(method, self._url(call), **options).json()
        except (APIError, GoogleAuthError, requests.exceptions.RequestException) as error:
            raise self._explained(error, writing=False) from error
        raise AssertionError("a retry context always returns or raises")  # pragma: no cover

    def write(self, body: Mapping[str, Any], fields: str) -> Any:
        """Send one batchUpdate, once. Raises OutcomeUnknown where it may or may not have been applied."""
        self.sent["write"] += 1
        try:
            return self._http.request(
                "post", self._url(":batchUpdate"), params={"fields": fields}, json=body
            ).json()
        except (APIError, GoogleAuthError, requests.exceptions.RequestException) as error:
            raise self._explained(error, writing=True) from error

    def _explained(self, error: Exception, *, writing: bool) -> SheetsyncError:
        if isinstance(error, APIError):
            return self._refused(error, writing=writing)
        text = self._language.text
        if isinstance(error, RefreshError | GoogleAuthError) and not isinstance(
            error, TransportError
        ):
            fix = text(
                "Check that the key is still valid and this machine's clock is right; make a new key if need be."
            )
            return CredentialsError(text("Google does not accept the credentials."), fix=fix)
        never = (
            isinstance(error, NEVER_SENT)
            or "NewConnectionError" in str(error)
            or "NameResolution" in str(error)
        )
        if writing and not never:
            return self._unknown()
        fix = text(
            "Check the network, a proxy or a firewall, and run the command again; nothing was changed."
        )
        return ServiceBusy(text("Google's service could not be reached."), fix=fix)

    def _unknown(self) -> OutcomeUnknown:
        text = self._language.text
        fix = text(
            "Look at the Journal tab: if this run stands there, it was done. Otherwise run the command again."
        )
        return OutcomeUnknown(
            text("The changes were sent, but no answer came: they may or may not have been made."),
            fix=fix,
        )

    def _refused(self, error: APIError, *, writing: bool) -> SheetsyncError:
        text, status = self._language.text, error.response.status_code
        local = _local_problem(error, self._language)
        if local is not None:
            return local
        if status == 404:  # noqa: PLR2004  # HTTP's own number
            fix = text("Copy the address from the browser's address bar, or check the id.")
            return BookNotFound(text("There is no spreadsheet at this address."), fix=fix)
        if status == 403:  # noqa: PLR2004  # HTTP's own number
            fix = text("Share the spreadsheet with the account's e-mail address, as an editor.")
            return AccessDenied(text("The account may not open or edit this spreadsheet."), fix=fix)
        if status == 401:  # noqa: PLR2004  # HTTP's own number
            return CredentialsError(
                text("Google does not accept the credentials."), fix=text("Make a new key.")
            )
        if status == TOO_MANY:
            return ServiceBusy(
                text("Google's limit of requests a minute is used up."),
                fix=text("Try again in a few minutes; nothing was changed."),
            )
        if status >= SERVER_ERRORS:
            if writing:
                return self._unknown()
            return ServiceError(
                text("Google's service is out of order just now."),
                fix=text("Try again in a few minutes; nothing was changed."),
            )
        message = text(
            "The spreadsheet refused the request: {message}", message=error.error.get("message", "")
        )
        return RequestRefused(
            message, fix=text("Nothing was changed. If it happens again, send us this message.")
        )


def _local_problem(error: APIError, language: Language) -> SheetsyncError | None:
    """Explain why a local file could not be saved; None where the answer is not about a file."""
    details = error.error.get("details") or [{}]
    kind = (
        str(details[0].get("@type", "")).removeprefix("type.sheetsync/")
        if isinstance(details[0], dict)
        else ""
    )
    text = language.text
    if kind == "FileChanged":
        fix = text("Run the command again; nothing was written.")
        return BookChanged(
            text("The file was changed by somebody else while we worked on it."), fix=fix
        )
    if kind == "FileInUse":
        fix = text("Close it there and run the command again; nothing was written.")
        return BookInUse(text("The file is open in another program."), fix=fix)
    if kind == "FileReadOnly":
        fix = text("Allow writing to the file and its folder; nothing was written.")
        return BookInUse(text("The file may not be written."), fix=fix)
    if kind == "WouldLoseParts":
        parts = ", ".join(map(str, details[0].get("parts", ())))
        fix = text("Work on a copy without them; nothing was written.")
        return BookInUse(
            text("Saving would lose parts of this file: {parts}.", parts=parts), fix=fix
        )
    return None
