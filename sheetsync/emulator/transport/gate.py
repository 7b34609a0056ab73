"""The way that every request takes, over HTTP and in-process alike.

Noted, counted, struck by faults, answered.

What faults there are is said in faults.py; how an outcome reaches the client is left to server.py
and adapter.py.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from sheetsync.emulator.service import answer
from sheetsync.emulator.transport.faults import Fault, Faults
from sheetsync.emulator.transport.inspect_request import seen
from sheetsync.emulator.transport.outages import expired, outage
from sheetsync.emulator.transport.quotas import Meter
from sheetsync.emulator.xlsx.package import crash_points as points

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.transport.inspect_request import Sight
    from sheetsync.emulator.wire.http import Reply, Request
    from sheetsync.emulator.workspace import Workspace

# Requests that the log keeps, so that a server may run for weeks
_REMEMBERED = 100_000


class Entry(NamedTuple):
    """A request in the log: `call` is Google's name of it, `struck` what went wrong.

    A fault's kind, "quota", or "".
    """

    method: str
    path: str
    user: str
    call: str
    struck: str


class Outcome(NamedTuple):
    """How a request ends: `end` is answer, drop, hang or truncate.

    `seconds`: how long a hang lasts, None for ever.
    """

    reply: Reply | None
    end: str = "answer"
    seconds: float | None = None


class _Plan(NamedTuple):
    delay: float
    refusal: Reply | None
    fault: Fault | None


class _Countdown:
    """One fault as it goes: how many calls it has met, how often it has struck."""

    def __init__(self, fault: Fault, seed: str) -> None:
        self.fault = fault
        # Chances that can be played again, not a secret.
        self._chance = random.Random(seed)  # noqa: S311
        self._met = self._struck = 0

    def strikes(self, sight: Sight) -> bool:
        fault = self.fault
        if not fault.matches(sight):
            return False
        self._met += 1
        if self._met < fault.nth or (
            fault.times is not None and self._struck >= fault.times
        ):
            return False
        if fault.rate < 1 and self._chance.random() >= fault.rate:
            return False
        self._struck += 1
        return True

    def seconds(self) -> float:
        least, most = self.fault.bounds
        return least if least == most else self._chance.uniform(least, most)


class Gate:
    """Lets requests through to a workspace, with the faults that are set; safe for many threads.

    `die` is called where a crash is due, with the name of the point, and does not return. `clock`
    counts the seconds of the quotas.
    """

    def __init__(
        self,
        workspace: Workspace,
        faults: Faults | None,
        die: Callable[[str], NoReturn],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.workspace = workspace
        self.log: deque[Entry] = deque(maxlen=_REMEMBERED)
        self.ahead = 0.0  # seconds that the quotas' clock has been moved ahead
        self._clock = clock
        self._die = die
        self._lock = threading.Lock()
        self.faults = faults or Faults()

    @property
    def faults(self) -> Faults:
        """What goes wrong; setting it begins every count anew."""
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        with self._lock:
            self._faults = faults
            self._meter = Meter(faults.quotas) if faults.quotas else None
            self._countdowns = [
                _Countdown(fault, f"{faults.seed}:{n}")
                for n, fault in enumerate(faults.faults)
            ]

    def go(self, request: Request, wait: Callable[[float], object]) -> Outcome:
        """Take one request all the way; `wait` passes the seconds of a delay."""
        sight = seen(request)
        with self._lock:
            plan = self._plan(sight)
            self.log.append(
                Entry(
                    sight.method,
                    sight.path,
                    sight.user,
                    sight.call,
                    _struck(plan),
                )
            )
        if plan.delay:
            wait(plan.delay)
        if plan.refusal is not None:
            return Outcome(plan.refusal)
        if plan.fault is None:
            return Outcome(answer(self.workspace, request))
        return self._failing(plan.fault, request, sight)

    def note(self, request: Request) -> None:
        """Write a request into the log that goes no further."""
        sight = seen(request)
        self.log.append(Entry(sight.method, sight.path, sight.user, "", ""))

    def _plan(self, sight: Sight) -> _Plan:
        over = (
            self._meter.take(sight, self._clock() + self.ahead)
            if self._meter
            else None
        )
        if over is not None:
            return _Plan(0.0, over.refusal(), None)
        struck = [
            countdown
            for countdown in self._countdowns
            if countdown.strikes(sight)
        ]
        delays = [
            countdown.seconds() for countdown in struck if countdown.fault.late
        ]
        others = [
            countdown.fault
            for countdown in struck
            if countdown.fault.kind != "delay"
        ]
        return _Plan(sum(delays), None, others[0] if others else None)

    def _failing(self, fault: Fault, request: Request, sight: Sight) -> Outcome:
        if fault.kind == "crash":
            return Outcome(self._crashing(request, fault.point))
        reply = (
            answer(self.workspace, request)
            if fault.after or fault.kind == "truncate"
            else None
        )
        if fault.kind == "deadline":
            return Outcome(expired())
        if fault.kind == "error":
            return Outcome(outage(fault.status, sight))
        return Outcome(
            reply,
            fault.kind,
            fault.bounds[1] if fault.seconds is not None else None,
        )

    def _crashing(self, request: Request, point: str | None) -> Reply:
        def at(name: str) -> None:
            if name == point:
                self._die(name)

        with points.waiting(at):
            at("before-call")
            reply = answer(self.workspace, request)
            at("before-answer")
        return reply


def _struck(plan: _Plan) -> str:
    if plan.refusal is not None:
        return "quota"
    return plan.fault.kind if plan.fault else "delay" if plan.delay else ""
