"""The line to the Sheets API: deadlines, a pace, bounded retries of reads, answers as they must be.

A write is sent once here: whether it may be sent again is known to session/lock.py, whose batches
can be applied once only. The pace is a token bucket of our own: pyrate-limiter (4.5) has one too,
as an algorithm that it calls internal until its next major version, counted in whole milliseconds
and slept through with the real clock, so that no test could measure it.
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

from sheetsync.i18n import Language
from sheetsync.sheets.connection.answers import WrongAnswer, answer_of
from sheetsync.sheets.connection.quota import Quotas
from sheetsync.sheets.connection.service_errors import (
    SERVER_ERRORS,
    TOO_MANY,
    explained,
    too_slow,
)
from sheetsync.sheets.requests.body import BatchRoom, encoded

ROOT = "https://sheets.googleapis.com"
CONNECT_SECONDS = 10
NOT_IMPLEMENTED = 501
DEADLINES = 3
"""How often a request may wait as long as for one byte: by default the 180 s of Google's own."""
PATIENCE = 40
"""After how many deadlines' time of waiting a run gives up: by default two hours."""
_SCHEMAS = {
    ":batchUpdate": "BatchUpdateSpreadsheetResponse",
    "/values:batchGetByDataFilter": "BatchGetValuesByDataFilterResponse",
}
"""What calls are answered with that are not answered with a Spreadsheet."""

# stamina would log every retry as a warning of its own.
stamina.instrumentation.set_on_retry_hooks([])


class RequestPace:
    """Lets requests through at most `per_second` on average, with a burst at first.

    Google asks for about one a second on a spreadsheet, and counts 60 reads and 60 writes a minute
    (API fact).
    """

    def __init__(
        self,
        per_second: float = 1.0,
        burst: int = 6,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.per_second = per_second
        self.burst = burst
        self._clock = clock
        self._sleep = sleep
        self._tokens = float(burst)
        self._filled_at = clock()

    def wait(self) -> None:
        """Return when the next request may be sent."""
        now = self._clock()
        gained = (now - self._filled_at) * self.per_second
        self._tokens = min(float(self.burst), self._tokens + gained)
        self._filled_at = now
        if self._tokens < 1:
            pause = (1 - self._tokens) / self.per_second
            self._sleep(pause)
            self._tokens = 1.0
            self._filled_at = now + pause
        self._tokens -= 1


class PacedClient(HTTPClient):
    """gspread's own HTTP client with a timeout on every call and another root where one is set."""

    root = ROOT
    pace: RequestPace | None = None
    quotas: Quotas | None = None
    book = ""
    waited = 0.0
    """Seconds that requests have waited for the pace and the quota."""

    def request(
        self, method: str, endpoint: str, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send one request, once. Raises APIError for an answer that is no success."""
        self._wait_for_turn(endpoint)
        url = endpoint.replace(ROOT, self.root, 1)
        try:
            response: requests.Response = super().request(
                method, url, *args, **kwargs
            )
        except (KeyError, TypeError) as error:
            # APIError cannot be made of an error that is not in Google's form: a proxy's or a
            # portal's.
            raise WrongAnswer("an error in no form of Google's") from error
        return response

    def _wait_for_turn(self, endpoint: str) -> None:
        """Wait until the spreadsheet and the account may be asked."""
        begun = time.monotonic()
        if self.pace is not None:
            self.pace.wait()
        if self.quotas is not None:
            kind = "write" if ":batchUpdate" in endpoint else "read"
            self.quotas[kind].wait(self.book)
        self.waited += time.monotonic() - begun


def _may_pass(error: Exception) -> bool:
    """Tell whether a read that failed so may succeed a moment later."""
    if isinstance(error, APIError):
        status = error.response.status_code
        return status == TOO_MANY or (
            status >= SERVER_ERRORS and status != NOT_IMPLEMENTED
        )
    if isinstance(error, RefreshError):
        # A page of a proxy in place of a token passes; a key that was revoked does not.
        is_page = "<html" in str(error).lower()
        return "invalid_grant" not in str(error) and (
            is_page or error.retryable
        )
    passing = (
        requests.exceptions.ConnectionError,
        requests.exceptions.Timeout,
        TransportError,
        WrongAnswer,
    )
    return isinstance(error, passing)


def _is_any(_: Mapping[str, Any]) -> bool:
    return True


def _telling_its_book(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return a call's options with the book's id in its mask, by which its answer is known."""
    fields = options.get("params", {}).get("fields", "")
    if not fields or fields.startswith(_ID):
        return dict(options)
    params = {**options["params"], "fields": f"{_ID},{fields}"}
    return {**options, "params": params}


_ID = "spreadsheetId"


class SheetsConnection:
    """One spreadsheet's line: `read` may be sent again, `write` is not. Counts what is sent.

    `room`: how much one batch may hold, None where nothing bounds it. `patience`: the seconds that
    all its requests may take together, None for as long as they take.
    """

    def __init__(
        self,
        http: HTTPClient,
        book_id: str,
        language: Language,
        attempts: int = 5,
        room: BatchRoom | None = None,
        patience: float | None = None,
    ) -> None:
        self._http = http
        self._id = book_id
        self._language = language
        self._attempts = attempts
        self.room = room
        self._patience = patience
        self._waited = 0.0
        self.sent: Counter[str] = Counter(read=0, write=0)

    @property
    def waited(self) -> float:
        """Seconds that its requests have waited for Google's quota."""
        return float(getattr(self._http, "waited", 0.0))

    def _url(self, call: str) -> str:
        return f"{ROOT}/v4/spreadsheets/{quote(self._id, safe='')}{call}"

    def read(
        self,
        method: str,
        call: str,
        is_whole: Callable[[Mapping[str, Any]], bool] = _is_any,
        **options: Any,
    ) -> Any:
        """Send a read, again after a passing failure, with growing jittered pauses.

        `is_whole`: tells whether an answer has all that was asked for. Returns the JSON answer, in
        the shape that the discovery document gives it. Raises what `write` does, but
        OutcomeUnknown.
        """
        if self._patience is not None and self._waited > self._patience:
            raise too_slow(self._language, self._waited)
        asked = _telling_its_book(options)
        # gspread's own client that tries again never gives up, and sends writes twice too.
        try:
            for attempt in stamina.retry_context(
                on=_may_pass, attempts=self._attempts, timeout=120, wait_max=30
            ):
                with attempt:
                    self.sent["read"] += 1
                    answer = self._answer(method, call, **asked)
                    if not is_whole(answer):
                        raise WrongAnswer("less than was asked for")
                    return answer
        except (
            APIError,
            GoogleAuthError,
            requests.exceptions.RequestException,
        ) as error:
            raise explained(error, self._language, writing=False) from error
        raise AssertionError(
            "a retry context always returns or raises"
        )  # pragma: no cover

    def _answer(
        self, method: str, call: str, **options: Any
    ) -> Mapping[str, Any]:
        """Send one request; its answer, read and checked."""
        begun = time.monotonic()
        try:
            response = self._http.request(method, self._url(call), **options)
        finally:
            self._waited += time.monotonic() - begun
        schema = _SCHEMAS.get(call, "Spreadsheet")
        return answer_of(response.content, schema, self._id)

    def write(self, body: Mapping[str, Any], fields: str) -> Any:
        """Send one batchUpdate, once. `fields`: the mask of its answer.

        Raises OutcomeUnknown where it may or may not have been applied, else what service_errors.py
        makes of it.
        """
        self.sent["write"] += 1
        mask = fields if fields.startswith(_ID) else f"{_ID},{fields}"
        try:
            answer = self._answer(
                "post",
                ":batchUpdate",
                params={"fields": mask},
                data=encoded(body),
                headers={"Content-Type": "application/json"},
            )
            if "replies" in mask:
                _check_replies(answer, body)
        except (
            APIError,
            GoogleAuthError,
            requests.exceptions.RequestException,
        ) as error:
            raise explained(error, self._language, writing=True) from error
        return answer


def _check_replies(answer: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    """Raise WrongAnswer where an answer has not one reply for each request of its batch."""
    if len(answer.get("replies", ())) != len(body["requests"]):
        raise WrongAnswer("the replies to another batch")
