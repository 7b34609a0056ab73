"""The lock of a book: a mutex that one batch takes, fences that the write takes down first.

The mutex is developer metadata of a fixed id: creating it while it is there fails the whole batch.
A fence is a protected range over a section's tab: people cannot type there meanwhile, and deleting
one that is gone fails the whole batch too. So every batch that begins with its own fences can be
applied once only, whatever is sent again, and two runs that take over the same dead lock cannot
both succeed. When to lock is decided in services/, sending is client.py's.
"""

import os
import re
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import stamina

from sheetsync.errors import (
    AccessDenied,
    BookChanged,
    BookLocked,
    OutcomeUnknown,
    OutOfTime,
    RequestRefused,
    ServiceBusy,
    ServiceError,
    SheetsyncError,
    WriteTooSlow,
)
from sheetsync.i18n import Language
from sheetsync.sheets.connection.client import SheetsConnection
from sheetsync.sheets.requests.cells import Request
from sheetsync.sheets.requests.tab_requests import protect
from sheetsync.sheets.session.metadata import (
    LAST_ID,
    LOCK_ID,
    forget,
    kept,
    remember,
)
from sheetsync.workbook.lock_lease import LENGTH, Lease, Standing, of_text

ATTEMPTS = 3
"""How often a fenced batch is sent at most."""
STANDING = (
    "developerMetadata(metadataId,metadataValue),"
    "sheets(protectedRanges(protectedRangeId,description,requestingUserCanEdit))"
)
"""The mask of what tells how the lock stands."""
_MARK = re.compile(r"\[sheetsync ([0-9a-f]{12})\]$")
"""How the description of every fence ends: with the run that has put it up."""


def holder() -> str:
    """Name this process: `host:process`."""
    return f"{socket.gethostname()}:{os.getpid()}"


def standing(answer: Mapping[str, Any]) -> Standing:
    """Read the lock's standing out of a Spreadsheet that was asked for STANDING."""
    values = kept(answer)
    last = values.get(LAST_ID, "")
    lease = of_text(values[LOCK_ID]) if LOCK_ID in values else None
    run = lease.run if lease is not None else ""
    fences: list[int] = []
    orphans: list[int] = []
    beyond: list[int] = []
    for fence in _fences_in(answer):
        if run and fence.run == run:
            fences.append(fence.id)
        elif fence.is_ours:
            orphans.append(fence.id)
        else:
            beyond.append(fence.id)
    return Standing(lease, tuple(fences), last, tuple(orphans), tuple(beyond))


class _Fence(NamedTuple):
    """A protection that a run has put up. `is_ours`: whether our account may take it down."""

    id: int
    run: str
    is_ours: bool


def _fences_in(answer: Mapping[str, Any]) -> Iterator[_Fence]:
    """Go through the fences of all runs."""
    for sheet in answer.get("sheets", ()):
        for protection in sheet.get("protectedRanges", ()):
            marked = _MARK.search(protection.get("description", ""))
            if marked:
                yield _Fence(
                    protection["protectedRangeId"],
                    marked[1],
                    protection.get("requestingUserCanEdit", False),
                )


def read_standing(line: SheetsConnection) -> Standing:
    """Ask a book for its lock's standing: one request."""
    return standing(line.read("get", "", params={"fields": STANDING}))


def _is_held_by(run: str, seen: Standing) -> bool:
    return seen.lease is not None and seen.lease.run == run


def is_dead(lease: Lease, me: str, now: datetime) -> bool:
    """Tell whether nobody is at work under a lease.

    It is over, or its process on this machine is gone, or is ours.
    """
    if lease.until <= now or lease.holder == me:
        return True
    host, _, process = lease.holder.rpartition(":")
    if host != me.rpartition(":")[0] or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _take_down(fences: Iterable[int]) -> list[Request]:
    # Deleting one that is gone fails the whole batch, and so does whatever is sent a second time.
    return [
        {"deleteProtectedRange": {"protectedRangeId": number}}
        for number in fences
    ]


@dataclass(frozen=True)
class Claim:
    """Who takes a lock, for which tabs (sheetIds), and what is said on their protection."""

    line: SheetsConnection
    language: Language
    account: str | None
    tabs: tuple[int, ...]
    now: Callable[[], datetime]
    me: str

    def take(self, seen: Standing) -> "Lock":
        """Take the lock of a book whose lock stood as `seen`.

        A dead one is taken over by the same batch.

        Raises BookLocked where somebody else holds it.
        """
        if seen.lease is not None and not is_dead(
            seen.lease, self.me, self.now()
        ):
            raise self.locked(seen.lease)
        lease = Lease(secrets.token_hex(6), self.me, self.now() + LENGTH)
        requests = [
            *free(seen),
            remember(LOCK_ID, lease.text()),
            *self._fences(lease),
        ]

        def taken() -> Standing | None:
            now = read_standing(self.line)
            if _is_held_by(lease.run, now):
                return now
            return None

        try:
            answer = send(self.line, {"requests": requests}, "replies", taken)
        except OutcomeUnknown:
            # A lock that is taken after all, late, hurts nobody: it ends with its lease, or with
            # our next run.
            raise self.out_of_order() from None
        except RequestRefused as refusal:
            answer = self._after_refusal(seen, lease, refusal)
        if not isinstance(answer, Standing):
            with self._nothing_left_behind(lease):
                answer = self._fenced(answer, lease)
        lock = Lock(self, answer._replace(last=seen.last), lease)
        # Without a fence on each tab people could type there, and a write be applied twice.
        if len(answer.fences) != len(self.tabs):
            lock.release()
            raise self.taken_away(None)
        return lock

    @contextmanager
    def _nothing_left_behind(self, lease: Lease) -> Iterator[None]:
        """Free a book again that was locked, where the program itself fails over its answer."""
        try:
            yield
        except SheetsyncError:
            raise
        except Exception:
            with suppress(SheetsyncError):
                now = read_standing(self.line)
                if _is_held_by(lease.run, now):
                    self.line.write({"requests": free(now)}, "spreadsheetId")
            raise

    def _fenced(self, answer: Mapping[str, Any], lease: Lease) -> Standing:
        """Return how the lock stands by the answer of the batch that took it.

        Where the answer does not tell of a fence on each tab, the book itself is asked. Raises
        where it does not say that the lock is ours.
        """
        fences = [*_fences_put_up(answer, lease.run)]
        if len(fences) == len(self.tabs):
            return Standing(lease, tuple(fences))
        now = read_standing(self.line)
        if not _is_held_by(lease.run, now):
            raise self.taken_away(now.lease)
        return now

    def _after_refusal(
        self, seen: Standing, lease: Lease, refusal: RequestRefused
    ) -> Standing:
        """Return how the lock stands where it is ours after all; else raise what came between."""
        now = read_standing(self.line)
        if _is_held_by(lease.run, now):
            return now
        if now.lease is not None and (
            seen.lease is None or now.lease.run != seen.lease.run
        ):
            raise self.locked(now.lease) from None
        left = (seen.lease, seen.orphans)
        if now.lease is None and left != (None, now.orphans):
            # Another run has ended the dead one's lock, and its own.
            raise self.taken_away(None) from None
        if now.beyond:
            raise self._kept_out() from refusal
        raise refusal

    def _fences(self, lease: Lease) -> list[Request]:
        """Protect the tabs for our account alone; people read until when, and what they may do."""
        # Whether an open-ended protection covers rows that are added later is not documented
        # (docs/google-unknowns.md); a fence stands for seconds.
        message = self.language.text(
            "sheetsync is writing here; over by {time}. If it is not, the owner may delete this.",
            time=self.language.time(lease.until),
        )
        description = f"{message} [sheetsync {lease.run}]"
        return [
            protect({"sheetId": tab}, self.account, description)
            for tab in self.tabs
        ]

    def _kept_out(self) -> AccessDenied:
        """Return the error for tabs that another account's run has left protected from ours."""
        text = self.language.text
        fix = text(
            "Another account has put it there: the owner of the spreadsheet deletes it under "
            "Data → Protect sheets and ranges."
        )
        message = text(
            "A dead run has left its protection on a tab, and nothing can be written there."
        )
        return AccessDenied(message, fix=fix)

    def out_of_order(
        self, kind: type[ServiceError] = ServiceError
    ) -> ServiceError:
        """Return the error for a service that answers nothing, where nothing was written."""
        text = self.language.text
        fix = text("Try again in a few minutes; nothing was changed.")
        return kind(text("Google's service is out of order just now."), fix=fix)

    def locked(self, lease: Lease) -> BookLocked:
        """Return the error that says who is at work, and what to do."""
        text = self.language.text
        message = text(
            "Another run is writing to this base: {holder}.",
            holder=lease.holder,
        )
        fix = text(
            "Run the command again after {time}. If that run is dead, `sheetsync unlock` frees the "
            "base at once; nothing was written.",
            time=self.language.time(lease.until),
        )
        return BookLocked(message, fix=fix)

    def taken_away(self, lease: Lease | None) -> SheetsyncError:
        """Return the error for a lock that was taken away before anything was written."""
        if lease is not None:
            return self.locked(lease)
        text = self.language.text
        fix = text(
            "Run the command again in a few minutes; nothing was written."
        )
        return BookChanged(
            text(
                "The lock of this base was taken away before anything was written."
            ),
            fix=fix,
        )


def free(seen: Standing) -> list[Request]:
    """Return the requests that end a lock as it was seen: once only, and only that very one.

    With it go the fences that belong to no lease.
    """
    down = _take_down((*seen.fences, *seen.orphans))
    if seen.lease is None:
        return down
    # A lease that cannot be read has no value to be known by: whatever is kept there goes.
    value = seen.lease.text() if seen.lease.run else None
    return [*down, forget(LOCK_ID, value)]


def sweep(line: SheetsConnection, seen: Standing) -> None:
    """Take down the fences that belong to no lease; one request, or none.

    Raises ServiceError, but not where somebody else has taken them down meanwhile.
    """
    if seen.orphans:
        with suppress(RequestRefused):
            line.write({"requests": _take_down(seen.orphans)}, "spreadsheetId")


def _fences_put_up(answer: Mapping[str, Any], run: str) -> Iterator[int]:
    """Go through the ids of the fences of a run that a batch's answer tells of."""
    for reply in answer.get("replies", ()):
        protection = reply.get("addProtectedRange", {}).get(
            "protectedRange", {}
        )
        marked = _MARK.search(protection.get("description", ""))
        if marked and marked[1] == run:
            yield protection["protectedRangeId"]


@dataclass
class Lock:
    """A lock that is held. Give it back with `write` or `release`."""

    claim: Claim
    standing: Standing
    lease: Lease
    held: bool = True

    def is_ours(self, seen: Standing) -> bool:
        """Tell whether a book still says so, with every fence up and nobody's write in between."""
        return (
            _is_held_by(self.lease.run, seen)
            and set(seen.fences) == set(self.standing.fences)
            and seen.last == self.standing.last
        )

    def fenced(self, requests: Sequence[Request]) -> list[Request]:
        """Put a run's requests between the fences' end and the lock's, to be applied once only."""
        return [
            *_take_down(self.standing.fences),
            *requests,
            forget(LAST_ID),
            remember(LAST_ID, self.lease.run),
            forget(LOCK_ID, self.lease.text()),
        ]

    def write(self, body: Mapping[str, Any], fields: str) -> Any | None:
        """Send a batch and give the lock back with it.

        Returns the answer, or None where the batch was applied and its answer lost.

        Raises OutcomeUnknown only where the book cannot even be looked at, WriteTooSlow where the
        batch did not come to its end while the lock's end did.
        """
        whole = {**body, "requests": self.fenced(body["requests"])}
        try:
            answer = send(
                self.claim.line,
                whole,
                fields,
                self._applied,
                again=_may_be_sent_again,
            )
        except OutcomeUnknown as lost:
            answer = self._certain(lost)
        except RequestRefused:
            with suppress(ServiceError):
                # It raises and says who has taken the lock away, where that is why.
                self._applied()
            raise
        self.held = False
        if isinstance(answer, Standing):
            return None
        return answer

    def _applied(self) -> Standing | None:
        """Look whether the write was applied: then return how the lock stands.

        Raises BookLocked or BookChanged where the lock was taken away, as it can never be applied
        then.
        """
        now = read_standing(self.claim.line)
        if now.last == self.lease.run:
            return now
        if not _is_held_by(self.lease.run, now):
            raise self.claim.taken_away(now.lease)
        return None

    def _certain(self, lost: OutcomeUnknown) -> Standing:
        """Make sure of a write whose answers were all lost.

        With the fences down it can never be applied any more: only then is it said that nothing was
        written.
        """
        try:
            self.claim.line.write(
                {"requests": free(self.standing)}, "spreadsheetId"
            )
        except RequestRefused:
            standing_now = self._applied()
            if standing_now is None:
                raise
            return standing_now
        except SheetsyncError:
            raise lost from None
        self.held = False
        # The service answers, but not to this batch: it may be too long for it (503 says so too).
        raise self.claim.out_of_order(WriteTooSlow)

    def release(self) -> None:
        """Give the lock back without writing; what cannot be given back ends with the lease."""
        if self.held:
            self.held = False
            with suppress(SheetsyncError):
                self._free()

    def _free(self) -> None:
        try:
            self._end(self.standing)
        except (RequestRefused, OutcomeUnknown):
            # Somebody may have deleted one fence of several, or the answer is not to be believed.
            now = read_standing(self.claim.line)
            if _is_held_by(self.lease.run, now):
                self._end(now)

    def _end(self, seen: Standing) -> None:
        self.claim.line.write({"requests": free(seen)}, "spreadsheetId")


Look = Callable[[], Standing | None]
"""Looks at the book: how the lock stands where the batch was applied, None where it was not."""


def _is_passing(error: Exception) -> bool:
    return isinstance(error, OutcomeUnknown | ServiceBusy)


def _may_be_sent_again(error: Exception) -> bool:
    """Tell whether a long batch is worth sending once more as it is."""
    # What has met the deadline would meet it again, and each time takes three minutes of a lease.
    return _is_passing(error) and not isinstance(error, OutOfTime)


def send(
    line: SheetsConnection,
    body: Mapping[str, Any],
    fields: str,
    applied: Look,
    again: Callable[[Exception], bool] = _is_passing,
) -> Any:
    """Send a batch that can be applied once only; again where it was not taken, or its answer lost.

    Returns the answer, or what `applied` tells in its stead. `again`: after which errors it is sent
    again.
    """
    for attempt in stamina.retry_context(
        on=again,
        attempts=ATTEMPTS,
        timeout=120,
        wait_max=20,
    ):
        with attempt:
            try:
                return line.write(body, fields)
            except OutcomeUnknown:
                standing_now = _looked_up(applied)
                if standing_now is None:
                    raise
                return standing_now
            except RequestRefused:
                if attempt.num == 1:
                    raise
                # It may be an earlier sending, given up for lost, that this one runs into.
                standing_now = applied()
                if standing_now is None:
                    raise
                return standing_now
    raise AssertionError(
        "a retry context always returns or raises"
    )  # pragma: no cover


def _looked_up(applied: Look) -> Standing | None:
    """Look at the book; None where the service does not answer this either."""
    with suppress(ServiceError):
        return applied()
    return None
