"""The run log as Prometheus's metrics, for a port of the daemon or a file of node_exporter's.

All figures come out of the run log, so that runs by cron and by the daemon are counted alike, and
a restart sets nothing back. prometheus-client is the extra `daemon`'s.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sheetsync import __version__
from sheetsync.config import Settings
from sheetsync.errors import InputError
from sheetsync.i18n import Language
from sheetsync.runlog.store import RunLog
from sheetsync.services.status import BookState, BookStatus, statuses

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import Metric

NO_FAILURES: Mapping[str, int] = MappingProxyType({})


class MetricsMissing(InputError):
    """Metrics are asked for, and the library that writes them is not installed."""


def check_installed(language: Language) -> None:
    """Raise MetricsMissing where prometheus-client is not installed."""
    try:
        import prometheus_client  # noqa: F401, PLC0415  # an extra
    except ImportError as error:
        text = language.text
        raise MetricsMissing(
            text("Metrics need the package prometheus-client."),
            fix=text("Install it: `pipx install 'sheetsync-bridge[daemon]'`."),
        ) from error


class _RunLogMetrics:
    """What prometheus-client asks for the families, at each scrape."""

    def __init__(
        self,
        log: RunLog,
        settings: Settings,
        now: datetime,
        failures: Mapping[str, int],
    ) -> None:
        self._log = log
        self._settings = settings
        self._now = now
        self._failures = failures

    def collect(self) -> Iterable["Metric"]:
        """Go through the families of metrics. Raises RunLogFailed."""
        yield _build()
        yield from _counters(self._log.totals())
        books = statuses(self._settings, self._log, self._now)
        yield from _gauges(books)
        yield _failures(self._failures)


def registry_of(
    log: RunLog,
    settings: Settings,
    now: datetime,
    failures: Mapping[str, int] = NO_FAILURES,
) -> "CollectorRegistry":
    """Return a registry that holds our metrics alone. `failures`: of the looking-on, by kind."""
    check_installed(log.language)
    from prometheus_client import CollectorRegistry  # noqa: PLC0415  # an extra

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_RunLogMetrics(log, settings, now, failures))
    return registry


def exposition(
    log: RunLog,
    settings: Settings,
    now: datetime,
    failures: Mapping[str, int] = NO_FAILURES,
) -> bytes:
    """Return the metrics as Prometheus reads them. Raises RunLogFailed, MetricsMissing."""
    registry = registry_of(log, settings, now, failures)
    from prometheus_client import generate_latest  # noqa: PLC0415  # an extra

    return generate_latest(registry)


def write_textfile(
    path: Path, log: RunLog, settings: Settings, now: datetime
) -> None:
    """Write the metrics to a file, whole or not at all.

    Raises RunLogFailed, MetricsMissing, OSError.
    """
    registry = registry_of(log, settings, now)
    from prometheus_client import write_to_textfile  # noqa: PLC0415  # an extra

    write_to_textfile(str(path), registry)


def _build() -> "Metric":
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415

    family = GaugeMetricFamily(
        "sheetsync_build_info", "The version that runs.", labels=["version"]
    )
    family.add_metric([__version__], 1)
    return family


def _counters(
    totals: Mapping[tuple[str, str, str], float],
) -> Iterator["Metric"]:
    from prometheus_client.core import CounterMetricFamily  # noqa: PLC0415

    runs = CounterMetricFamily(
        "sheetsync_runs",
        "Runs that have ended.",
        labels=["book", "kind", "outcome"],
    )
    requests = CounterMetricFamily(
        "sheetsync_requests",
        "Requests sent to the Sheets API.",
        labels=["book", "kind"],
    )
    plain = {
        "seconds": CounterMetricFamily(
            "sheetsync_run_seconds", "Time spent in runs.", labels=["book"]
        ),
        "moves": CounterMetricFamily(
            "sheetsync_moves", "Rows moved by runs.", labels=["book"]
        ),
        "edits": CounterMetricFamily(
            "sheetsync_edits", "Cells written by runs.", labels=["book"]
        ),
        "waited": CounterMetricFamily(
            "sheetsync_quota_wait_seconds",
            "Time spent waiting for Google's quota.",
            labels=["book"],
        ),
    }
    for (book, name, label), value in totals.items():
        if name == "runs":
            runs.add_metric([book, *label.split(" ", 1)], value)
        elif name == "requests":
            requests.add_metric([book, label], value)
        elif name in plain:
            plain[name].add_metric([book], value)
    yield runs
    yield requests
    yield from plain.values()


def _gauges(books: Iterable[BookStatus]) -> Iterator["Metric"]:
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415

    success = GaugeMetricFamily(
        "sheetsync_last_success_timestamp_seconds",
        "When the last run ended after which the base was in order.",
        labels=["book"],
    )
    coming = GaugeMetricFamily(
        "sheetsync_next_run_timestamp_seconds",
        "The next regular hour.",
        labels=["book"],
    )
    lasted = GaugeMetricFamily(
        "sheetsync_last_run_seconds",
        "How long the last run took.",
        labels=["book"],
    )
    problems = GaugeMetricFamily(
        "sheetsync_problems",
        "Problems that the last run has seen in the base, by their code.",
        labels=["book", "code"],
    )
    states = GaugeMetricFamily(
        "sheetsync_book_state",
        "1 for the state that the book is in, else 0.",
        labels=["book", "state"],
    )
    for status in books:
        book = status.name
        if status.as_of is not None:
            success.add_metric([book], status.as_of.timestamp())
        if status.next_at is not None:
            coming.add_metric([book], status.next_at.timestamp())
        if status.last is not None:
            lasted.add_metric([book], status.last.lasted.total_seconds())
            for code, count in status.last.problems.items():
                problems.add_metric([book, code], count)
        for state in BookState:
            states.add_metric([book, state], float(state is status.state))
    yield from (success, coming, lasted, problems, states)


def _failures(failures: Mapping[str, int]) -> "Metric":
    from prometheus_client.core import CounterMetricFamily  # noqa: PLC0415

    family = CounterMetricFamily(
        "sheetsync_watch_failures",
        "What of the looking-on at runs has failed since the program began.",
        labels=["what"],
    )
    for what in ("runlog", "ping", "textfile"):
        family.add_metric([what], failures.get(what, 0))
    return family
