"""The lock of a book: a mutex that one batch takes, fences that the write takes down first, so that it works once.

The mutex is developer metadata of a fixed id: creating it while it is there fails the whole batch. A fence is a protected
range over a section's tab: people cannot type there meanwhile, and deleting one that is gone fails the whole batch too.
So every batch that begins with its own fences can be applied once only, whatever is sent again, and two runs that take
over the same dead lock cannot both succeed. PlanDraft is left to the runner, sending to client.py.
"""

import os
import secrets
import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import stamina

from sheetsync.errors import (
    BookChanged,
    BookLocked,
    OutcomeUnknown,
    RequestRefused,
    ServiceBusy,
    ServiceError,
    SheetsyncError,
)
from sheetsync.i18n import Language
from sheetsync.sheets.connection.client import SheetsConnection
from sheetsync.sheets.requests.cells import Request
from sheetsync.sheets.requests.own_tab_requests import protect
from sheetsync.sheets.session.metadata import LAST_ID, LOCK_ID, forget, kept, remember
from sheetsync.workbook.lock_lease import LENGTH, Lease, Standing, of_text

ATTEMPTS = 3
"""How often a fenced batch is sent at most."""
STANDING = "developerMetadata(metadataId,metadataValue),sheets(protectedRanges(protectedRangeId,description))"


def holder() -> str:
    """Name this process: `host:process`."""
    return f"{socket.gethostname()}:{os.getpid()}"


def standing(answer: Mapping[str, Any]) -> Standing:
    """Read the lock's standing out of a Spreadsheet that was asked for STANDING."""
    found = kept(answer)
    lease = of_text(found[LOCK_ID]) if LOCK_ID in found else None
    protections = [
        p for sheet in answer.get("sheets", ()) for p in sheet.get("protectedRanges", ())
    ]
    mark = _mark(lease.run) if lease and lease.run else None
    fences = [
        p["protectedRangeId"] for p in protections if mark and mark in p.get("description", "")
    ]
    return Standing(lease, tuple(fences), found.get(LAST_ID, ""))


def read_standing(line: SheetsConnection) -> Standing:
    """Ask a book for its lock's standing: one request."""
    return standing(line.read("get", "", params={"fields": STANDING}))


def _mark(run: str) -> str:
    return f"[sheetsync {run}]"


def is_dead(lease: Lease, me: str, now: datetime) -> bool:
    """Tell whether nobody is at work under a lease: it is over, or its process on this machine is gone or is ours."""
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
    return [{"deleteProtectedRange": {"protectedRangeId": number}} for number in fences]


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
        """Take the lock of a book whose lock stood as `seen`; a dead one is taken over by the same batch.

        Raises BookLocked where somebody else holds it.
        """
        if seen.lease is not None and not is_dead(seen.lease, self.me, self.now()):
            raise self.locked(seen.lease)
        lease = Lease(secrets.token_hex(6), self.me, self.now() + LENGTH)
        body = {"requests": [*free(seen), remember(LOCK_ID, lease.text()), *self._fences(lease)]}

        def taken() -> Any | None:
            found = read_standing(self.line)
            return found if found.lease is not None and found.lease.run == lease.run else None

        try:
            answer = send(self.line, body, "replies", taken)
        except OutcomeUnknown:
            # A lock that is taken after all, late, hurts nobody: it ends with its lease, or with our next run.
            raise self.out_of_order() from None
        except RequestRefused:
            found = read_standing(self.line)
            if found.lease is not None and found.lease.run == lease.run:
                return Lock(self, found._replace(last=seen.last), lease)
            if found.lease is not None and (
                seen.lease is None or found.lease.run != seen.lease.run
            ):
                raise self.locked(found.lease) from None
            if (
                found.lease is None and seen.lease is not None
            ):  # another run has ended the dead one's lock, and its own
                raise self.taken_away(None) from None
            raise
        held = answer if isinstance(answer, Standing) else _fenced(answer, lease)
        return Lock(self, held._replace(last=seen.last), lease)

    def _fences(self, lease: Lease) -> list[Request]:
        text = self.language.text
        clock = self.language.time(lease.until)
        said = text(
            "sheetsync is writing here; over by {time}. If it is not, the owner may delete this.",
            time=clock,
        )
        return [
            protect({"sheetId": tab}, self.account, f"{said} {_mark(lease.run)}")
            for tab in self.tabs
        ]

    def out_of_order(self) -> ServiceError:
        """Return the error for a service that answers nothing, where it is certain that nothing was written."""
        text = self.language.text
        fix = text("Try again in a few minutes; nothing was changed.")
        return ServiceError(text("Google's service is out of order just now."), fix=fix)

    def locked(self, lease: Lease) -> BookLocked:
        """Return the error that says who is at work, and what to do."""
        text = self.language.text
        message = text("Another run is writing to this base: {holder}.", holder=lease.holder)
        fix = text(
            "Run the command again after {time}. If that run is dead, `sheetsync unlock` frees the base at once; nothing was written.",
            time=self.language.time(lease.until),
        )
        return BookLocked(message, fix=fix)

    def taken_away(self, lease: Lease | None) -> SheetsyncError:
        """Return the error for a lock that was freed or taken over before the write: nothing was written."""
        if lease is not None:
            return self.locked(lease)
        text = self.language.text
        fix = text("Run the command again in a few minutes; nothing was written.")
        return BookChanged(
            text("The lock of this base was taken away before anything was written."), fix=fix
        )


def free(seen: Standing) -> list[Request]:
    """Return the requests that end a lock as it was seen: once only, and only that very one."""
    if seen.lease is None:
        return []
    return [
        *_take_down(seen.fences),
        forget(LOCK_ID, seen.lease.text() if seen.lease.run else None),
    ]


def _fenced(answer: Mapping[str, Any], lease: Lease) -> Standing:
    replies = [reply.get("addProtectedRange") for reply in answer.get("replies", ())]
    numbers = tuple(reply["protectedRange"]["protectedRangeId"] for reply in replies if reply)
    return Standing(lease, numbers)


@dataclass
class Lock:
    """A lock that is held. Give it back with `write` or `release`."""

    claim: Claim
    standing: Standing
    lease: Lease
    held: bool = True

    def is_ours(self, seen: Standing) -> bool:
        """Tell whether a book still says so, with every fence up and nobody's write in between."""
        mine = seen.lease is not None and seen.lease.run == self.lease.run
        return (
            mine
            and set(seen.fences) == set(self.standing.fences)
            and seen.last == self.standing.last
        )

    def fenced(self, requests: Sequence[Request]) -> list[Request]:
        """Put a run's requests between the fences' end and the lock's: a batch that can be applied once only."""
        last = [forget(LAST_ID), remember(LAST_ID, self.lease.run)]
        return [
            *_take_down(self.standing.fences),
            *requests,
            *last,
            forget(LOCK_ID, self.lease.text()),
        ]

    def write(self, body: Mapping[str, Any], fields: str) -> Any | None:
        """Send a batch and give the lock back with it. Returns the answer, or None where it was applied and its answer lost.

        Raises OutcomeUnknown only where the book cannot even be looked at.
        """
        whole = {**body, "requests": self.fenced(body["requests"])}

        def applied() -> Any | None:
            seen = read_standing(self.claim.line)
            if seen.last == self.lease.run:
                return seen
            if seen.lease is None or seen.lease.run != self.lease.run:
                raise self.claim.taken_away(seen.lease)
            return None

        try:
            answer = send(self.claim.line, whole, fields, applied)
        except OutcomeUnknown as lost:
            answer = self._certain(lost, applied)
        except RequestRefused:
            with suppress(ServiceError):
                applied()  # says who has taken the lock away, where that is why
            raise
        self.held = False
        return None if isinstance(answer, Standing) else answer

    def _certain(self, lost: OutcomeUnknown, applied: Callable[[], Any | None]) -> Any:
        """Make sure of a write whose answers were all lost: with the fences down it can never be applied any more."""
        try:
            self.claim.line.write({"requests": free(self.standing)}, "spreadsheetId")
        except RequestRefused:
            if (found := applied()) is not None:
                return found
            raise
        except SheetsyncError:
            raise lost from None
        self.held = False
        raise self.claim.out_of_order()

    def release(self) -> None:
        """Give the lock back without writing; what cannot be given back ends with the lease."""
        if self.held:
            self.held = False
            with suppress(SheetsyncError):
                self.claim.line.write({"requests": free(self.standing)}, "spreadsheetId")


def send(
    line: SheetsConnection, body: Mapping[str, Any], fields: str, applied: Callable[[], Any | None]
) -> Any:
    """Send a batch that can be applied once only, again where it was not taken or its answer was lost.

    `applied` looks at the book after a lost answer: what it returns stands for the answer, None means not applied yet.
    """
    for attempt in stamina.retry_context(
        on=(OutcomeUnknown, ServiceBusy), attempts=ATTEMPTS, timeout=120, wait_max=20
    ):
        with attempt:
            try:
                return line.write(body, fields)
            except OutcomeUnknown:
                with suppress(ServiceError):
                    if (found := applied()) is not None:
                        return found
                raise
            except RequestRefused:
                # It may be an earlier sending, given up for lost, that this one runs into.
                if attempt.num > 1 and (found := applied()) is not None:
                    return found
                raise
    raise AssertionError("a retry context always returns or raises")  # pragma: no cover
