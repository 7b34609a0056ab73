"""What all tests share: each request that the emulator answers, and each answer, is judged by Google's documents.

A test in which one of them breaks the documents' word fails, whatever else it asserts.
"""

from __future__ import annotations

import gc
import os
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from hypothesis import settings

from sheetsync.emulator import service
from tests.builders.draws import draws
from tests.recordings import discovery

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from sheetsync.emulator.wire.http import Reply, Request
    from sheetsync.emulator.workspace import Workspace

pytest_plugins = ["tests.builders.core_fixtures"]
pytest.register_assert_rewrite(
    "tests.builders.base", "tests.builders.bench", "tests.builders.cloud"
)  # before any test imports it

# The same draws in every run, so that a change is judged by itself; HYPOTHESIS_PROFILE=search draws anew each time.
settings.register_profile("steady", derandomize=True, database=None, deadline=None)
settings.register_profile("search", deadline=None, max_examples=draws(100))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

_NEW_OBJECTS = 20_000  # between two looks; Python's own figure is 700

_told: list[str] = []
_calls = [0]
_answer = service.answer


def _problems(request: Request, reply: Reply) -> list[str]:
    method, path = discovery.called(request.method, request.url), urlsplit(request.url).path
    if reply.status >= 400:
        return discovery.wrong_error(
            reply.status, reply.body, "drive.v3" if "/drive/" in path else "sheets.v4"
        )
    if path.startswith("/upload/"):
        return []  # addresses for bytes: a document has them in words only, Drive v2 among them
    if method is None:
        return [f"answered {reply.status}, and Google has no such call"]
    out = discovery.wrong_query(method, request.url) + discovery.wrong_request(method, request.body)
    if reply.content_type.startswith("application/json") or method.response:
        out += discovery.wrong_answer(method, reply.body)
    return out


def judged(workspace: Workspace, request: Request) -> Reply:
    """Answer as the emulator does, and note what Google's documents have against it."""
    reply = _answer(workspace, request)
    _calls[0] += 1
    try:
        found = _problems(request, reply)
    except (ValueError, TypeError) as error:
        found = [f"no JSON: {error}"]
    _told.extend(f"{request.method} {request.url} -> {reply.status}: {text}" for text in found)
    return reply


service.answer = judged  # before anything else imports it by name: the adapter, the server, the stand-in for Google


def _fail_if_told() -> None:
    if _told:
        lines = "\n".join(_told[:20])
        _told.clear()
        pytest.fail(f"Against Google's discovery documents:\n{lines}", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, Any, Any]:
    """Fail the test that sent, or was answered, what the documents do not know."""
    try:
        return (yield)
    finally:
        _fail_if_told()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with tests that take a minute each, so that no worker waits for one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Have the garbage collector look less often, and never at what is loaded by now.

    A night builds books and requests of half a million objects: a fifth of its time went into
    looking through them again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 10, 10)


@pytest.fixture
def judged_calls() -> Callable[[], int]:
    """Tell how many calls were judged so far: for the test that none goes unseen."""
    return lambda: _calls[0]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say per folder where the time goes: everything later waits for the suite."""
    seconds: defaultdict[str, float] = defaultdict(float)
    tests: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                folder = report.nodeid.partition("::")[0].rpartition("/")[0]
                seconds[folder] += report.duration
                tests[folder] += report.when == "call"
    if len(seconds) > 1:
        terminalreporter.section("seconds of work by folder")
        for folder, spent in sorted(seconds.items(), key=lambda item: -item[1]):
            terminalreporter.write_line(f"{spent:8.1f} s  {tests[folder]:5} tests  {folder}")
