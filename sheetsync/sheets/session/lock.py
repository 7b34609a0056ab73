"""The lock of a book: a mutex that one batch takes, fences that the write takes down first.

The mutex is developer metadata of a fixed id: creating it while it is there fails the whole batch.
A fence is a protected range over a section's tab: people cannot type there meanwhile, and deleting
one that is gone fails the whole batch too. So every batch that begins with its own fences can be
applied once only, whatever is sent again, and two runs that take over the same dead lock cannot
both succeed. When to lock is decided in services/, sending is client.py's.
"""

import os
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import stamina

from sheetsync.errors import (
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
    "sheets(protectedRanges(protectedRangeId,description))"
)
"""The mask of what tells how the lock stands."""


def holder() -> str:
    """Name this process: `host:process`."""
    return f"{socket.gethostname()}:{os.getpid()}"


def standing(answer: Mapping[str, Any]) -> Standing:
    """Read the lock's standing out of a Spreadsheet that was asked for STANDING."""
    values = kept(answer)
    last = values.get(LAST_ID, "")
    if LOCK_ID not in values:
        return Standing(last=last)
    lease = of_text(values[LOCK_ID])
    return Standing(lease, tuple(_fences_of(lease.run, answer)), last)


def _fences_of(run: str, answer: Mapping[str, Any]) -> Iterator[int]:
    """Go through the ids of the protections that bear a run's mark; none for no run."""
    if not run:
        return
    for sheet in answer.get("sheets", ()):
        for protection in sheet.get("protectedRanges", ()):
            if _mark(run) in protection.get("description", ""):
                yield protection["protectedRangeId"]


def read_standing(line: SheetsConnection) -> Standing:
    """Ask a book for its lock's standing: one request."""
    return standing(line.read("get", "", params={"fields": STANDING}))


def _mark(run: str) -> str:
    return f"[sheetsync {run}]"


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
            answer = _fenced(answer, lease)
        return Lock(self, answer._replace(last=seen.last), lease)

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
        if now.lease is None and seen.lease is not None:
            # Another run has ended the dead one's lock, and its own.
            raise self.taken_away(None) from None
        raise refusal

    def _fences(self, lease: Lease) -> list[Request]:
        """Protect the tabs for our account alone; people read until when, and what they may do."""
        # Whether an open-ended protection covers rows that are added later is not documented
        # (docs/google-unknowns.md); a fence stands for seconds.
        message = self.language.text(
            "sheetsync is writing here; over by {time}. If it is not, the owner may delete this.",
            time=self.language.time(lease.until),
        )
        description = f"{message} {_mark(lease.run)}"
        return [
            protect({"sheetId": tab}, self.account, description)
            for tab in self.tabs
        ]

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
    """Return the requests that end a lock as it was seen: once only, and only that very one."""
    if seen.lease is None:
        return []
    # A lease that cannot be read has no value to be known by: whatever is kept there goes.
    value = seen.lease.text() if seen.lease.run else None
    return [*_take_down(seen.fences), forget(LOCK_ID, value)]


def _fenced(answer: Mapping[str, Any], lease: Lease) -> Standing:
    """Return how the lock stands by the answer of the batch that took it."""
    fences = []
    for reply in answer.get("replies", ()):
        added = reply.get("addProtectedRange")
        if added:
            fences.append(added["protectedRange"]["protectedRangeId"])
    return Standing(lease, tuple(fences))


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
                self.claim.line.write(
                    {"requests": free(self.standing)}, "spreadsheetId"
                )


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
