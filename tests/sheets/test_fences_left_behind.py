"""Protections that a run puts up and no lease knows of: none stays, whatever answer the lock request gets."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sheetsync.sheets.session.lock import standing
from sheetsync.workbook.lock_lease import Lease
from tests.builders.bench import TITLES, Shell
from tests.builders.cloud import ADDRESS, OWNER, ROBOT, Cloud, Fault

TODAY = "2026-03-02"
LOCK, WRITE = 3, 5
"""Numbers of requests of a run: the one that takes the lock, and the one that writes."""
NOT_THE_ANSWER = {
    "nothing": "{}",
    "no fences": '{"replies": []}',
    "empty replies": '{"replies": [{}, {}, {}, {}, {}, {}, {}]}',
    "an error": '{"error": {"code": 503, "message": "The service is currently unavailable."}}',
    "another book's lock": json.dumps(
        {
            "replies": [{"createDeveloperMetadata": {}}]
            + [
                {
                    "addProtectedRange": {
                        "protectedRange": {
                            "protectedRangeId": 7 + n,
                            "description": "x [sheetsync 0123456789ab]",
                        }
                    }
                }
                for n in range(6)
            ]
        }
    ),
    "a reading": json.dumps({"properties": {"title": "Base"}, "sheets": []}),
}


def fences(cloud: Cloud) -> list[str]:
    """Return the descriptions of all protections that bear the mark of a run."""
    sheets = cloud._call("GET", "?fields=sheets(protectedRanges)").get("sheets", [])  # noqa: SLF001
    protections = [found for sheet in sheets for found in sheet.get("protectedRanges", [])]
    return [p["description"] for p in protections if "is writing here" in p.get("description", "")]


def left_behind(cloud: Cloud, account: str = ROBOT) -> None:
    """Put up what a run would leave whose metadata is gone, as an account."""
    area = {
        "range": {"sheetId": 0},
        "description": "sheetsync is writing here [sheetsync 0123456789ab]",
        "editors": {"users": [account]},
    }
    cloud.owner({"addProtectedRange": {"protectedRange": area}})


@pytest.mark.parametrize("name", NOT_THE_ANSWER)
def test_a_wrong_success_leaves_no_fence_and_no_doubt(
    sheetsync: Shell, cloud: Cloud, name: str
) -> None:
    cloud.script[LOCK] = Fault(200, NOT_THE_ANSWER[name], late=True)
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY)
    assert told.code == 0, told.err
    assert fences(cloud) == []
    assert len(cloud.companies()[TITLES["strategic"]]) == 3


@pytest.mark.parametrize("name", ["nothing", "another book's lock"])
@pytest.mark.parametrize("at", [LOCK, WRITE], ids=["lock", "write"])
def test_a_wrong_success_of_what_was_never_done_is_not_believed(
    sheetsync: Shell, cloud: Cloud, name: str, at: int
) -> None:
    cloud.script[at] = Fault(200, NOT_THE_ANSWER[name])
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY)
    assert told.code == 0, told.err
    assert fences(cloud) == []
    assert len(cloud.companies()[TITLES["strategic"]]) == 3


def test_a_run_takes_down_what_a_dead_one_has_left(sheetsync: Shell, cloud: Cloud) -> None:
    left_behind(cloud)
    # It waits for a person, and nobody is kept out meanwhile.
    assert sheetsync("run", ADDRESS, "--today", TODAY).code == 2
    assert fences(cloud) == []
    left_behind(cloud)
    assert sheetsync("run", ADDRESS, "--force", "--today", TODAY).code == 0
    assert fences(cloud) == []
    left_behind(cloud)
    quiet = sheetsync("run", ADDRESS, "--today", TODAY, "--json")
    assert (quiet.code, quiet.json["wrote"]) == (0, False)
    assert fences(cloud) == []


def test_unlock_and_doctor_find_what_a_dead_run_has_left(sheetsync: Shell, cloud: Cloud) -> None:
    left_behind(cloud)
    seen = {f["code"]: f for f in sheetsync("doctor", ADDRESS, "--json").json["findings"]}
    assert not seen["fences"]["well"]
    assert "dead run" in seen["fences"]["said"]
    assert "sheetsync unlock" in seen["fences"]["fix"]
    assert "without a lock" in sheetsync("unlock", ADDRESS).out
    assert fences(cloud) == []
    assert sheetsync("unlock", ADDRESS).out.strip() == "The base is not locked."
    after = {f["code"]: f for f in sheetsync("doctor", ADDRESS, "--json").json["findings"]}
    assert after["fences"]["well"]


def test_what_another_account_has_left_is_told_with_what_its_owner_can_do(
    sheetsync: Shell, cloud: Cloud
) -> None:
    left_behind(cloud, OWNER)
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY)
    told.complains(3)
    assert "Data → Protect sheets and ranges" in told.err
    assert "the owner of the spreadsheet deletes it" in sheetsync("unlock", ADDRESS).out
    assert sheetsync("unlock", ADDRESS, "--json").json["beyond"] == 1
    seen = {f["code"]: f for f in sheetsync("doctor", ADDRESS, "--json").json["findings"]}
    assert "Another account" in seen["fences"]["fix"]


def test_a_bug_under_the_lock_leaves_no_lock(
    sheetsync: Shell, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RecursionError

    for place in (
        "sheetsync.sheets.session.lock._fences_put_up",
        "sheetsync.services.commit.read_rows",
    ):
        with monkeypatch.context() as patch:
            patch.setattr(place, fails)
            assert sheetsync("run", ADDRESS, "--force", "--today", TODAY).code == 4
        assert fences(cloud) == []
        assert sheetsync("unlock", ADDRESS).out.strip() == "The base is not locked."


def test_a_fence_of_the_lease_is_no_orphan_and_the_heads_protection_no_fence() -> None:
    def protection(number: int, description: str) -> dict[str, Any]:
        return {
            "protectedRangeId": number,
            "description": description,
            "requestingUserCanEdit": True,
        }

    lease = Lease("0123456789ab", "h:1", datetime(2026, 3, 2, tzinfo=UTC))
    answer = {
        "developerMetadata": [{"metadataId": 1_936_222_067, "metadataValue": lease.text()}],
        "sheets": [
            {
                "protectedRanges": [
                    protection(1, "writing [sheetsync 0123456789ab]"),
                    protection(2, "writing [sheetsync ba9876543210]"),
                    protection(3, "Only the head [sheetsync head 01234567]"),
                    protection(4, "somebody's own [sheetsync 0123456789ab] note"),
                ]
            }
        ],
    }
    seen = standing(answer)
    assert (seen.fences, seen.orphans) == ((1,), (2,))
