"""Faults as data: what goes wrong, with which calls, how often.

Made in Python or read from JSON, checked either way.

What a fault does to a call is left to gate.py; quotas are described in quotas.py.
"""

from __future__ import annotations

import dataclasses
import math
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Self

from sheetsync.emulator.transport.inspect_request import NAMES
from sheetsync.emulator.transport.outages import STATUSES
from sheetsync.emulator.transport.quotas import Quotas, mapping
from sheetsync.emulator.xlsx.package.crash_points import POINTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.transport.inspect_request import Sight

# Which of the fields that say how a call fails each kind takes.
KINDS = {
    "delay": {"seconds"},
    "deadline": {"after", "seconds"},
    "error": {"status", "after"},
    "drop": {"after"},
    "hang": {"after", "seconds"},
    "truncate": set[str](),
    "crash": {"point"},
}
DEADLINE = 180.0
"""Seconds that a call may take at most (API fact)."""
CRASHES = ("before-call", *POINTS, "before-answer")

_TEXTS = (
    "kind",
    "call",
    "request",
    "only",
    "method",
    "path",
    "user",
    "spreadsheet",
    "point",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong. ValueError, with a sentence, where a field makes no sense.

    `kind`: delay (`seconds`, or a pair of bounds) · deadline (a call that takes longer than the
    service allows: after `seconds`, 180 where none are given, the 504 of an API) · error (`status`:
    503, 500, 502, ...) · drop (the connection closes without a byte) · hang (no answer; after
    `seconds` the connection closes) · truncate (half of the answer) · crash (at `point`). `after`
    carries the call out first, and then loses its answer.

    Which calls: `call` ("batchUpdate", "values.*"), `request` (a kind inside a batchUpdate), `only`
    ("reads" or "writes"), `method`, `path` (a regular expression found in it), `user`,
    `spreadsheet` (an id), `larger` (those whose body has more bytes). How often: from the `nth`
    such call on, `times` times (None: without end), with the chance `rate`.
    """

    kind: str
    status: int = 503
    after: bool = False
    seconds: float | tuple[float, float] | None = None
    point: str | None = None
    call: str | None = None
    request: str | None = None
    only: str | None = None
    method: str | None = None
    path: str | None = None
    user: str | None = None
    spreadsheet: str | None = None
    larger: int | None = None
    nth: int = 1
    times: int | None = None
    rate: float = 1.0

    def __post_init__(self) -> None:
        for check in _CHECKS:
            check(self)

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most seconds."""
        if isinstance(self.seconds, tuple):
            return self.seconds
        seconds = self.seconds or 0.0
        if self.seconds is None and self.kind == "deadline":
            seconds = DEADLINE
        return (seconds, seconds)

    @property
    def late(self) -> bool:
        """Whether the answer comes after `bounds` seconds."""
        return self.kind in ("delay", "deadline")

    def matches(self, sight: Sight) -> bool:
        """Tell whether the call is one of those that this fault is for."""
        return (
            (self.call is None or fnmatchcase(sight.call, self.call))
            and self.only in (None, "writes" if sight.writes else "reads")
            and self.method in (None, sight.method)
            and self.user in (None, sight.user)
            and self.spreadsheet in (None, sight.spreadsheet)
            and (
                self.path is None
                or re.search(self.path, sight.path) is not None
            )
            and (self.larger is None or len(sight.body) > self.larger)
            and (self.request is None or self.request in sight.requests)
        )

    @classmethod
    def from_json(cls, data: Any, where: str = "fault") -> Self:
        """Read one fault; ValueError that names the field at fault."""
        given = mapping(
            data, [field.name for field in dataclasses.fields(cls)], where
        )
        if "kind" not in given:
            raise ValueError(
                f"{where}: kind is missing; it is one of {', '.join(KINDS)}"
            )
        if isinstance(given.get("seconds"), list):
            given["seconds"] = tuple(given["seconds"])
        try:
            return cls(**given)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from None

    def to_json(self) -> dict[str, Any]:
        """Give the fields that are not as they would be anyway."""
        fields = {
            field.name: (getattr(self, field.name), field.default)
            for field in dataclasses.fields(self)
        }
        given = {
            name: value
            for name, (value, default) in fields.items()
            if value != default
        }
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in given.items()
        }


def _number(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and value >= 0
    )


def _whole(value: Any, least: float = -math.inf) -> bool:
    return (
        isinstance(value, int)
        and not isinstance(value, bool)
        and value >= least
    )


def _span(value: Any) -> bool:
    """Tell whether it is a number of seconds, or the bounds of one."""
    if not isinstance(value, tuple):
        return _number(value)
    # A pair.
    return len(value) == 2 and all(map(_number, value)) and value[0] <= value[1]  # noqa: PLR2004


def _check_kind(fault: Fault) -> None:
    if fault.kind not in KINDS:
        raise ValueError(
            f"kind is one of {', '.join(KINDS)}, not {fault.kind!r}"
        )
    for name in ("status", "after", "seconds", "point"):
        default = Fault.__dataclass_fields__[name].default
        if getattr(fault, name) != default and name not in KINDS[fault.kind]:
            raise ValueError(f"a {fault.kind} takes no {name}")
    if fault.kind == "delay" and fault.seconds is None:
        raise ValueError("a delay takes seconds, a number or a pair of bounds")
    if fault.kind == "crash" and fault.point not in CRASHES:
        raise ValueError(
            f"point is one of {', '.join(CRASHES)}, not {fault.point!r}"
        )


def _check_values(fault: Fault) -> None:
    if not _whole(fault.status) or fault.status not in STATUSES:
        raise ValueError(
            f"status is one of {', '.join(map(str, STATUSES))}, not {fault.status!r}"
        )
    if fault.after not in (True, False):
        raise ValueError(f"after is true or false, not {fault.after!r}")
    if fault.seconds is not None and not _span(fault.seconds):
        raise ValueError(
            f"seconds is a number from 0 up, or a pair of such bounds, not {fault.seconds!r}"
        )


def _check_calls(fault: Fault) -> None:
    for name in _TEXTS:
        value: Any = getattr(fault, name)
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{name} is a text, not {value!r}")
    if fault.only not in (None, "reads", "writes"):
        raise ValueError(f"only is reads or writes, not {fault.only!r}")
    if fault.call is not None and not any(
        fnmatchcase(name, fault.call) for name in NAMES
    ):
        raise ValueError(
            f"call is one of {', '.join(NAMES)}, not {fault.call!r}"
        )
    try:
        re.compile(fault.path or "")
    except re.error as error:
        raise ValueError(f"path is no regular expression: {error}") from error


def _check_counts(fault: Fault) -> None:
    for name, value in (
        ("nth", fault.nth),
        ("times", 1 if fault.times is None else fault.times),
    ):
        if not _whole(value, 1):
            raise ValueError(
                f"{name} is a whole number from 1 up, not {value!r}"
            )
    if fault.larger is not None and not _whole(fault.larger, 0):
        raise ValueError(
            f"larger is a number of bytes from 0 up, not {fault.larger!r}"
        )
    if not _number(fault.rate) or fault.rate > 1:
        raise ValueError(f"rate is a number from 0 to 1, not {fault.rate!r}")


_CHECKS: tuple[Callable[[Fault], None], ...] = (
    _check_calls,
    _check_kind,
    _check_values,
    _check_counts,
)


@dataclass(frozen=True, slots=True)
class Faults:
    """All that goes wrong: the faults in order, the quotas (None: none), the seed of every chance.

    Of the faults that strike one call, all delays add up, and the first of the others happens.
    """

    faults: tuple[Fault, ...] = ()
    quotas: Quotas | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if not _whole(self.seed):
            raise ValueError(f"seed is a whole number, not {self.seed!r}")

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Read `{"faults": [...], "quotas": true | {...}, "seed": 0}`.

        ValueError that says what is wrong.
        """
        given = mapping(data, ["faults", "quotas", "seed"], "the faults")
        listed = given.get("faults", [])
        if not isinstance(listed, list):
            # Of data, all that is wrong is a ValueError.
            raise ValueError("faults is a list")  # noqa: TRY004
        faults = tuple(
            Fault.from_json(item, f"faults[{number}]")
            for number, item in enumerate(listed)
        )
        return cls(
            faults, Quotas.from_json(given.get("quotas")), given.get("seed", 0)
        )

    def to_json(self) -> dict[str, Any]:
        """Give what from_json() reads."""
        quotas = (
            None if self.quotas is None else dataclasses.asdict(self.quotas)
        )
        return {
            "faults": [fault.to_json() for fault in self.faults],
            "quotas": quotas,
            "seed": self.seed,
        }
