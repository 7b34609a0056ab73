"""Google's quotas of requests a minute, for a project and each of its users, and their 429.

Which calls are reads and which are writes is told in inspect_request.py.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from sheetsync.emulator.wire.http import Reply, told

if TYPE_CHECKING:
    from sheetsync.emulator.transport.inspect_request import Sight

MINUTE = 60.0

_PROJECT = "123456789012"  # the number of the only project there is
_SERVICE = "sheets.googleapis.com"
_HELP = {
    "description": "Request a higher quota limit.",
    "url": "https://cloud.google.com/docs/quotas/help/request_increase",
}


def mapping(data: Any, names: list[str], where: str) -> dict[str, Any]:
    """Give a copy of a JSON object with these names and no others; ValueError otherwise."""
    if not isinstance(data, dict):
        # Of data, all that is wrong is a ValueError.
        raise ValueError(  # noqa: TRY004
            f"{where}: an object is wanted, not {type(data).__name__}"
        )
    for name in data:
        if name not in names:
            raise ValueError(
                f"{where}: {name!r} is unknown; there is {', '.join(names)}"
            )
    return dict(data)


@dataclass(frozen=True, slots=True)
class Quotas:
    """How many calls a minute are answered; Google's own numbers unless others are given.

    ValueError below 0.
    """

    project_reads: int = 300
    project_writes: int = 300
    user_reads: int = 60
    user_writes: int = 60

    def __post_init__(self) -> None:
        for name, value in dataclasses.asdict(self).items():
            if (
                not isinstance(value, int)
                or isinstance(value, bool)
                or value < 0
            ):
                raise ValueError(
                    f"quotas: {name} is a whole number from 0 up, not {value!r}"
                )

    @classmethod
    def from_json(cls, data: Any) -> Self | None:
        """Read true (Google's numbers), an object of other numbers, or false or null (none)."""
        if data is None or isinstance(data, bool):
            return cls() if data else None
        return cls(
            **mapping(
                data,
                [field.name for field in dataclasses.fields(cls)],
                "quotas",
            )
        )


@dataclass(frozen=True, slots=True)
class Limit:
    """One of Google's limits: of reads or of writes, a user's or the whole project's."""

    writes: bool
    of_user: bool
    most: int

    def refusal(self) -> Reply:
        """Give the 429 of a call beyond this limit. Google sends no Retry-After with it."""
        kind = "Write" if self.writes else "Read"
        message = (
            f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per "
            f"minute"
            f"{' per user' if self.of_user else ''}' of service '{_SERVICE}' for consumer "
            f"'project_number:{_PROJECT}'."
        )
        metadata = {
            "service": _SERVICE,
            "consumer": f"projects/{_PROJECT}",
            "quota_metric": f"{_SERVICE}/{kind.lower()}_requests",
            "quota_limit": f"{kind}RequestsPerMinutePer{'User' if self.of_user else 'Project'}",
            "quota_limit_value": str(self.most),
            "quota_unit": "1/min/{project}/{user}"
            if self.of_user
            else "1/min/{project}",
            "quota_location": "global",
        }
        info = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "RATE_LIMIT_EXCEEDED",
            "domain": "googleapis.com",
            "metadata": metadata,
        }
        links = {
            "@type": "type.googleapis.com/google.rpc.Help",
            "links": [_HELP],
        }
        error = {
            "code": 429,
            "message": message,
            "status": "RESOURCE_EXHAUSTED",
            "details": [info, links],
        }
        return told({"error": error}, 429)


class Meter:
    """Counts the calls of each minute.

    A minute begins with its first call; who is refused is not counted.
    """

    def __init__(self, quotas: Quotas) -> None:
        self._quotas = quotas
        self._minutes: dict[tuple[bool, str | None], tuple[float, int]] = {}

    def take(self, sight: Sight, now: float) -> Limit | None:
        """Count a call at `now` seconds; the limit that refuses it, if one does.

        Drive has quotas of its own.
        """
        if sight.spare:
            return None
        limits = self._limits(sight)
        used = {key: self._used(key, now) for key in limits}
        for key, limit in limits.items():
            if used[key][1] >= limit.most:
                return limit
        for key, (begun, count) in used.items():
            self._minutes[key] = (begun, count + 1)
        return None

    def _limits(self, sight: Sight) -> dict[tuple[bool, str | None], Limit]:
        most = self._quotas
        user, project = (
            (most.user_writes, most.project_writes)
            if sight.writes
            else (most.user_reads, most.project_reads)
        )
        return {
            (sight.writes, sight.quota_user): Limit(
                sight.writes, of_user=True, most=user
            ),
            (sight.writes, None): Limit(
                sight.writes, of_user=False, most=project
            ),
        }

    def _used(
        self, key: tuple[bool, str | None], now: float
    ) -> tuple[float, int]:
        begun, count = self._minutes.get(key, (now, 0))
        return (begun, count) if now - begun < MINUTE else (now, 0)
