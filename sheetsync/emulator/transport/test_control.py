"""The server's own address for tests, /__emulator__/: the faults, the log of requests, the clock.

It changes what the gate does and answers JSON; Google has nothing like it.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.errors import ApiError
from sheetsync.emulator.transport.faults import Faults
from sheetsync.emulator.transport.quotas import mapping
from sheetsync.emulator.wire.http import Reply, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.transport.gate import Gate

ROOT = "/__emulator__"

_FARTHEST = 10 * 365 * 86400.0  # seconds that a clock is moved ahead at most


class Control:
    """Answers what is asked of /__emulator__/..."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._clock = gate.workspace.clock
        self._stopped: dt.datetime | None = None
        self._ahead = 0.0
        self._calls: dict[tuple[str, str], Callable[[bytes], Any]] = {
            ("GET", "/faults"): self._faults,
            ("PUT", "/faults"): self._set_faults,
            ("DELETE", "/faults"): self._clear_faults,
            ("GET", "/requests"): self._requests,
            ("DELETE", "/requests"): self._clear_requests,
            ("GET", "/clock"): self._time,
            ("PUT", "/clock"): self._set_time,
            ("DELETE", "/clock"): self._reset_time,
        }

    def answer(self, method: str, path: str, body: bytes) -> Reply:
        """Give the answer to a request below ROOT.

        A 4xx in Google's form where it makes no sense.
        """
        place = path.partition("?")[0].removeprefix(ROOT)
        call = self._calls.get((method, place))
        if call is None:
            known = ", ".join(
                f"{name} {ROOT}{rest}" for name, rest in self._calls
            )
            code = 405 if any(place == rest for _, rest in self._calls) else 404
            return told(
                ApiError(
                    code, f"There is no {method} {path}; there is {known}."
                ).body(),
                code,
            )
        try:
            return told(call(body))
        except (ValueError, RecursionError) as error:
            return told(ApiError(400, str(error)).body(), 400)

    def _faults(self, _: bytes) -> Any:
        return self._gate.faults.to_json()

    def _set_faults(self, body: bytes) -> Any:
        self._gate.faults = Faults.from_json(json.loads(body))
        return self._gate.faults.to_json()

    def _clear_faults(self, _: bytes) -> Any:
        self._gate.faults = Faults()
        return self._gate.faults.to_json()

    def _requests(self, _: bytes) -> Any:
        return {
            "requests": [entry._asdict() for entry in tuple(self._gate.log)]
        }

    def _clear_requests(self, _: bytes) -> Any:
        self._gate.log.clear()
        return {"requests": []}

    def _time(self, _: bytes) -> Any:
        return {
            "now": self._gate.workspace.clock().isoformat(),
            "forward": self._gate.ahead,
        }

    def _set_time(self, body: bytes) -> Any:
        given = mapping(json.loads(body), ["now", "forward"], "the clock")
        ahead = _seconds(given.get("forward", 0))
        if "now" in given:
            self._stopped, self._ahead = _moment(given["now"]), 0.0
        self._ahead += ahead
        self._gate.ahead += ahead
        self._gate.workspace.clock = self._now
        return self._time(b"")

    def _reset_time(self, _: bytes) -> Any:
        self._gate.workspace.clock = self._clock
        self._stopped, self._ahead, self._gate.ahead = None, 0.0, 0.0
        return self._time(b"")

    def _now(self) -> dt.datetime:
        return (self._stopped or self._clock()) + dt.timedelta(
            seconds=self._ahead
        )


def _seconds(value: Any) -> float:
    if (
        not isinstance(value, int | float)
        or isinstance(value, bool)
        or not 0 <= value <= _FARTHEST
    ):
        raise ValueError(
            f"forward is a number of seconds from 0 to {_FARTHEST:.0f}, not {value!r}"
        )
    return float(value)


def _moment(value: Any) -> dt.datetime:
    if not isinstance(value, str):
        # Of data, all that is wrong is a ValueError.
        raise ValueError(  # noqa: TRY004
            f"now is a text such as 2026-03-02T09:30:00+00:00, not {value!r}"
        )
    moment = dt.datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(
            f"now names its offset from UTC, as 2026-03-02T09:30:00+00:00 does, not {value!r}"
        )
    return moment
