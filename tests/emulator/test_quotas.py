"""Google's quotas of requests a minute, on a clock of the test's own: who is refused, with which words, for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gspread
import pytest
import requests
from google.auth.credentials import AnonymousCredentials

from sheetsync.emulator import Faults, LocalAdapter, Quotas, Server, Workspace, create_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOT = "https://sheets.googleapis.com/v4/spreadsheets/"
RAW = {"valueInputOption": "RAW"}
FILTERS = {"dataFilters": [{"a1Range": "A1"}]}


class Metered:
    """A client under quotas, and the clock that they go by."""

    def __init__(self, workspace: Workspace, quotas: Quotas | None) -> None:
        self.now = 1000.0
        self.adapter = LocalAdapter(workspace, faults=Faults(quotas=quotas), clock=lambda: self.now)
        self.session = requests.Session()
        self.session.mount("https://", self.adapter)

    def call(self, method: str, path: str, user: str = "ann", **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer user:{user}@example.com"}
        return self.session.request(method, ROOT + path, headers=headers, timeout=20, **options)

    def read(self, user: str = "ann", **params: str) -> int:
        return self.call("GET", "book/values/A1", user, params=params).status_code

    def write(self, user: str = "ann") -> int:
        return self.call(
            "PUT", "book/values/A1", user, json={"values": [["x"]]}, params=RAW
        ).status_code


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    create_workbook(tmp_path / "book.xlsx", title="Book")
    return Workspace.of_folder(tmp_path)


@pytest.fixture
def small(workspace: Workspace) -> Iterator[Metered]:
    """Give three reads and two writes a user, five and four a project."""
    metered = Metered(
        workspace, Quotas(project_reads=5, project_writes=4, user_reads=3, user_writes=2)
    )
    yield metered
    metered.session.close()


def test_googles_own_numbers_and_words(workspace: Workspace) -> None:
    metered = Metered(workspace, Quotas())
    assert [metered.read() for _ in range(60)] == [200] * 60
    refused = metered.call("GET", "book/values/A1")
    assert refused.status_code == 429
    assert "Retry-After" not in refused.headers
    assert refused.json() == {
        "error": {
            "code": 429,
            "message": "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' "
            "of service 'sheets.googleapis.com' for consumer 'project_number:123456789012'.",
            "status": "RESOURCE_EXHAUSTED",
            "details": [
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "RATE_LIMIT_EXCEEDED",
                    "domain": "googleapis.com",
                    "metadata": {
                        "service": "sheets.googleapis.com",
                        "consumer": "projects/123456789012",
                        "quota_metric": "sheets.googleapis.com/read_requests",
                        "quota_limit": "ReadRequestsPerMinutePerUser",
                        "quota_limit_value": "60",
                        "quota_unit": "1/min/{project}/{user}",
                        "quota_location": "global",
                    },
                },
                {
                    "@type": "type.googleapis.com/google.rpc.Help",
                    "links": [
                        {
                            "description": "Request a higher quota limit.",
                            "url": "https://cloud.google.com/docs/quotas/help/request_increase",
                        }
                    ],
                },
            ],
        }
    }
    assert [metered.read(f"user{n}") for n in range(240)] == [200] * 240
    over = metered.call("GET", "book/values/A1", "somebody").json()["error"]
    assert "'Read requests per minute' of service" in over["message"]
    assert over["details"][0]["metadata"]["quota_limit"] == "ReadRequestsPerMinutePerProject"
    assert over["details"][0]["metadata"]["quota_unit"] == "1/min/{project}"
    assert over["details"][0]["metadata"]["quota_limit_value"] == "300"
    metered.session.close()


def test_a_refused_write_changes_nothing_and_names_writes(small: Metered) -> None:
    assert [small.write() for _ in range(2)] == [200, 200]
    refused = small.call("PUT", "book/values/B1", json={"values": [["x"]]}, params=RAW).json()[
        "error"
    ]
    assert (
        "metric 'Write requests' and limit 'Write requests per minute per user'"
        in refused["message"]
    )
    assert (
        refused["details"][0]["metadata"]["quota_metric"] == "sheets.googleapis.com/write_requests"
    )
    assert "values" not in small.call("GET", "book/values/B1").json()
    assert small.adapter.log[2].struck == "quota"


def test_a_minute_later_there_are_calls_again(small: Metered) -> None:
    assert [small.read() for _ in range(4)] == [200, 200, 200, 429]
    small.now += 59.9
    assert small.read() == 429
    small.now += 0.1
    assert [small.read() for _ in range(4)] == [200, 200, 200, 429]


def test_users_have_quotas_of_their_own_within_the_projects(small: Metered) -> None:
    assert [small.read("ann") for _ in range(4)] == [200, 200, 200, 429]
    assert [small.read("bob") for _ in range(3)] == [200, 200, 429]
    assert small.write("bob") == 200


def test_quota_user_stands_for_a_user(small: Metered) -> None:
    assert [small.read(quotaUser="one") for _ in range(4)] == [200, 200, 200, 429]
    assert small.read(quotaUser="two") == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "writes"),
    [
        ("GET", "book", None, False),
        ("GET", "book/values:batchGet?ranges=A1&ranges=B1", None, False),
        ("POST", "book:getByDataFilter", FILTERS, False),
        ("POST", "book/values:batchGetByDataFilter", FILTERS, False),
        ("POST", "book/values/A1:append?valueInputOption=RAW", {"values": [["x"]]}, True),
        ("POST", "book/values/A1:clear", {}, True),
        ("POST", "book/values:batchClear", {"ranges": ["A1"]}, True),
        (
            "POST",
            "book:batchUpdate",
            {"requests": [{"addSheet": {}}, {"addSheet": {}}, {"addSheet": {}}]},
            True,
        ),
    ],
)
def test_each_call_counts_once_as_a_read_or_as_a_write(
    small: Metered, method: str, path: str, body: Any, *, writes: bool
) -> None:
    assert small.call(method, path, json=body).status_code == 200
    assert small.call(method, path, json=body).status_code == 200
    assert small.read() == 200
    assert small.read() == (200 if writes else 429)
    assert small.write() == (429 if writes else 200)


def test_there_are_no_quotas_unless_asked_for(workspace: Workspace) -> None:
    metered = Metered(workspace, None)
    assert {metered.read() for _ in range(70)} == {200}
    metered.session.close()


def test_gspread_raises_what_it_raises_at_google(small: Metered) -> None:
    client = gspread.Client(auth=AnonymousCredentials())  # type: ignore[no-untyped-call]  # google-auth left it untyped
    session: Any = client.http_client.session
    session.mount("https://", small.adapter)
    for _ in range(3):
        client.open_by_key("book")
    with pytest.raises(gspread.exceptions.APIError, match="Quota exceeded") as caught:
        client.open_by_key("book")
    assert (caught.value.code, caught.value.response.status_code) == (429, 429)
    session.close()


def test_a_served_clock_is_moved_ahead_instead_of_waiting(workspace: Workspace) -> None:
    with (
        Server(workspace, faults=Faults(quotas=Quotas(user_reads=1)), control=True) as server,
        requests.Session() as session,
    ):
        url = f"{server.url}/v4/spreadsheets/book"
        assert [session.get(url, timeout=20).status_code for _ in range(2)] == [200, 429]
        moved = session.put(f"{server.url}/__emulator__/clock", json={"forward": 60}, timeout=20)
        assert moved.json()["forward"] == 60
        assert session.get(url, timeout=20).status_code == 200
