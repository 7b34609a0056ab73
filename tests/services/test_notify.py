"""`notify` tells everybody once a day what is due, whatever fails, and the Journal remembers it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import responses

from sheetsync.method.policy import template
from sheetsync.method.terms import Calendar, Leave, Manager, Notices, Person
from tests.builders.bench import Shell, cells, write_base
from tests.builders.cloud import ADDRESS, Cloud, Fault, Killed
from tests.builders.letters import Office, office
from tests.builders.notified_base import (
    ANN,
    BEN,
    EVE,
    FIELDS,
    MONDAY,
    base,
    journal,
    late,
    people,
    settings,
    tabs,
)

TOKEN = "AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ"
TELEGRAM = f"tgram://123456789:{TOKEN}/{{address}}"
SENDS = f"https://api.telegram.org/bot123456789:{TOKEN}/sendMessage"
MANAGER = template("en").words.tabs["manager"]
Change = Callable[..., None]


@pytest.fixture
def post() -> Iterator[Office]:
    with office() as opened:
        yield opened


@pytest.fixture
def team(monkeypatch: pytest.MonkeyPatch) -> Change:
    return people(monkeypatch)


@pytest.fixture
def book(sheetsync: Shell, tmp_path: Path, team: Change) -> Path:  # noqa: ARG001  # the team stands on the Settings tab
    """Give a base after its first night."""
    path = base(tmp_path / "base.xlsx")
    assert sheetsync("run", path, "--today", MONDAY, "--force").code == 0
    return path


@pytest.fixture
def config(tmp_path: Path, post: Office) -> Path:
    return settings(tmp_path / "s.toml", post.template)


def test_everybody_is_told_once_a_day_and_the_journal_says_so(
    sheetsync: Shell, book: Path, config: Path, post: Office
) -> None:
    told = sheetsync("notify", book, "--today", MONDAY, "--config", config)
    assert (told.code, told.err) == (0, "")
    assert post.received() == ["ann@firm.com", "ben@firm.com", "eve@firm.com"]
    assert [str(letter["Subject"]) for letter in post.letters] == [
        "To do on 2 March: 1 company",
        "To do on 2 March: 1 company",
        "Sales on 2 March: 2 steps overdue",
    ]
    assert (
        "• Alfa — step overdue since 27 February (3 days): call · +7 912 345-67-89"
        in post.bodies()[0]
    )
    assert "Beta" not in post.bodies()[0]
    assert [line[:2] for line in journal(book)] == [
        ("Eve", "mailto"),
        ("Ben", "mailto"),
        ("Ann", "mailto"),
    ]
    bytes_ = book.read_bytes()
    again = sheetsync("notify", book, "--today", MONDAY, "--config", config)
    assert (again.code, again.out.count("was sent today"), len(post.letters)) == (0, 3, 3)
    assert book.read_bytes() == bytes_
    assert sheetsync("notify", book, "--today", "2026-03-03", "--config", config).code == 0
    assert len(post.letters) == 6


def test_a_dry_run_shows_the_messages_and_sends_and_writes_nothing(
    sheetsync: Shell, book: Path, config: Path, post: Office
) -> None:
    bytes_ = book.read_bytes()
    told = sheetsync("notify", book, "--today", MONDAY, "--config", config, "--dry-run")
    assert told.code == 0
    assert (
        "Ann: is due, by mailto\nTo do on 2 March: 1 company\n"
        "Steps: 1 overdue, 0 today, 0 later this week\n• Alfa — step overdue since" in told.out
    )
    assert (post.letters, book.read_bytes()) == ([], bytes_)
    bare = sheetsync("notify", book, "--today", MONDAY, "--dry-run")
    assert (bare.code, "Ann: has no address" in bare.out) == (0, True)


def test_without_channels_nobody_can_be_told(sheetsync: Shell, book: Path) -> None:
    sheetsync("notify", book, "--today", MONDAY).complains(1)


def test_a_base_that_was_never_run_is_left_as_it_is(
    sheetsync: Shell,
    tmp_path: Path,
    team: Change,  # noqa: ARG001
    config: Path,
    post: Office,
) -> None:
    path = base(tmp_path / "new.xlsx")
    bytes_ = path.read_bytes()
    sheetsync("notify", path, "--today", MONDAY, "--config", config).complains(2)
    assert (post.letters, path.read_bytes()) == ([], bytes_)


def test_what_was_told_is_no_run_and_cannot_be_taken_back(
    sheetsync: Shell, book: Path, config: Path
) -> None:
    runs = sheetsync("history", book, "--json").json["runs"]
    assert sheetsync("notify", book, "--today", MONDAY, "--config", config).code == 0
    assert sheetsync("history", book, "--json").json["runs"] == runs
    assert sheetsync("run", book, "--today", MONDAY, "--json").json["wrote"] is False
    undone = sheetsync("undo", book, "--today", MONDAY, "--json")
    assert (undone.code, undone.json["left"]) == (0, [])
    assert len(journal(book)) == 3
    assert (
        sheetsync("notify", book, "--today", MONDAY, "--config", config).out.count("was sent today")
        == 3
    )


def test_a_channel_that_fails_keeps_no_other_and_is_tried_again_alone(
    sheetsync: Shell, book: Path, tmp_path: Path, post: Office
) -> None:
    config = settings(tmp_path / "s.toml", post.template, TELEGRAM)
    with responses.RequestsMock() as wire:
        wire.post(SENDS, status=500, json={"ok": False, "description": f"out of order {TOKEN}"})
        told = sheetsync("notify", book, "--today", MONDAY, "--config", config)
    assert told.code == 0, "everybody was reached by some channel"
    assert "Ann, tgram: " in told.err
    assert "sheetsync doctor" in told.err
    assert TOKEN not in told.out + told.err
    assert len(post.letters) == 3
    with responses.RequestsMock() as wire:
        wire.post(SENDS, json={"ok": True})
        assert sheetsync("notify", book, "--today", MONDAY, "--config", config).code == 0
        assert len(wire.calls) == 2, "Ann's and the head's; Ben has no messenger"
    assert len(post.letters) == 3
    assert [line[:2] for line in journal(book)][:2] == [("Eve", "tgram"), ("Ann", "tgram")]


def test_who_is_reached_by_no_channel_makes_the_command_fail_and_the_others_are_told(
    sheetsync: Shell, book: Path, tmp_path: Path, team: Change, post: Office
) -> None:
    team(team=(Manager(name="Ann", address="111"), BEN))
    config = settings(tmp_path / "s.toml", post.template, TELEGRAM)
    with responses.RequestsMock() as wire:
        wire.post(
            SENDS, status=403, json={"ok": False, "description": "bot was blocked by the user"}
        )
        told = sheetsync("notify", book, "--today", MONDAY, "--config", config, "--json")
    assert told.code == 3
    assert {one["to"]: one["state"] for one in told.json["messages"]} == {
        "Ann": "failed",
        "Ben": "sent",
        "Eve": "sent",
    }
    assert [line[0] for line in journal(book)] == ["Eve", "Ben"]


def test_only_one_is_told_where_one_is_named(
    sheetsync: Shell, book: Path, config: Path, post: Office
) -> None:
    assert sheetsync("notify", book, "--today", MONDAY, "--config", config, "--to", "ben").code == 0
    assert post.received() == ["ben@firm.com"]
    assert (
        sheetsync("notify", book, "--today", MONDAY, "--config", config, "--to", "head").code == 0
    )
    assert post.received() == ["ben@firm.com", "eve@firm.com"]
    told = sheetsync("notify", book, "--today", MONDAY, "--config", config, "--to", "Zoe")
    told.complains(1)
    assert "Ann, Ben" in told.err


def test_who_is_named_and_has_no_address_is_told_as_a_mistake(
    sheetsync: Shell, book: Path, config: Path, post: Office, team: Change
) -> None:
    team(team=(ANN, Manager(name="Ben")))
    told = sheetsync("notify", book, "--today", MONDAY, "--config", config, "--to", "ben")
    assert (told.code, "has no address" in told.out, post.received()) == (1, True, [])


@pytest.mark.parametrize(
    ("today", "changes", "received"),
    [
        ("2026-02-28", {}, []),
        ("2026-02-28", {"notices": Notices(on_days_off=True)}, ["ann", "ben", "eve"]),
        (
            "2026-02-28",
            {"calendar": Calendar(working_days=frozenset({"2026-02-28"}))},
            ["ann", "ben", "eve"],
        ),
        (MONDAY, {"calendar": Calendar(days_off=frozenset({MONDAY}))}, []),
        (
            MONDAY,
            {
                "team": (
                    ANN.model_copy(
                        update={"leave": (Leave(first=MONDAY, last=MONDAY),), "substitute": "Ben"}
                    ),
                    BEN,
                )
            },
            ["ben", "eve"],
        ),
    ],
    ids=[
        "weekend",
        "also on days off",
        "a Saturday that is worked",
        "a day off of the team's",
        "on leave",
    ],
)
def test_nobody_is_told_on_a_day_off_nor_who_is_on_leave(  # noqa: PLR0917, PLR0913  # a table and its fixtures
    sheetsync: Shell,
    book: Path,
    config: Path,
    post: Office,
    team: Change,
    today: str,
    changes: dict[str, Any],
    received: list[str],
) -> None:
    team(**changes)
    assert sheetsync("notify", book, "--today", today, "--config", config).code == 0
    assert post.received() == [f"{name}@firm.com" for name in received]


def test_a_secret_on_the_settings_tab_is_refused_and_not_shown(
    sheetsync: Shell, book: Path, tmp_path: Path, team: Change, post: Office
) -> None:
    secret = TELEGRAM.replace("{address}", "555")
    team(team=(Manager(name="Ann", address=secret), BEN))
    config = settings(tmp_path / "s.toml", post.template, TELEGRAM)
    with responses.RequestsMock() as wire:
        wire.post(SENDS, json={"ok": True})
        told = sheetsync("notify", book, "--today", MONDAY, "--config", config)
        assert len(wire.calls) == 1, "the head's"
    assert "Ann: The messenger's address looks like a secret" in told.err
    shown = sheetsync("notify", book, "--today", MONDAY, "--config", config, "--json", "--dry-run")
    assert TOKEN not in told.out + told.err + shown.out + shown.err
    assert TOKEN not in str(cells(book)["Journal"])


def test_odd_names_and_hostile_rows_arrive_as_plain_text(
    sheetsync: Shell, tmp_path: Path, team: Change, config: Path, post: Office
) -> None:
    name = "<b>Anna</b> O'Neil; DROP"
    team(team=(Manager(name=name, email="ann@firm.com"),), head=Person())
    rows = [
        late('=HYPERLINK("http://e")', name),
        late("Line\nBcc: eve@firm.com", name, "2026-02-20"),
        late("<img src=x>", name, "2026-02-10"),
    ]
    path = base(tmp_path / "odd.xlsx", *rows)
    assert sheetsync("run", path, "--today", MONDAY, "--force").code == 0
    assert sheetsync("notify", path, "--today", MONDAY, "--config", config).code == 0
    assert post.received() == ["ann@firm.com"]
    _, *lines = post.bodies()[0].splitlines()
    assert lines[0].startswith("• <img src=x> — step overdue since 10 February")
    assert any(line.startswith("• Line Bcc: eve@firm.com — ") for line in lines)
    assert [line[0] for line in journal(path)] == [name]
    assert (
        sheetsync("notify", path, "--today", MONDAY, "--config", config).out.count("was sent today")
        == 1
    )


def test_a_base_in_russian_tells_in_russian(
    sheetsync: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: Path, post: Office
) -> None:
    words = template("ru").words
    label, state = words.name("labels", "large"), words.name("states", "contact_1")
    own = {"Large": label, "Contact 1": state, "call": "Позвонить"}
    row = [own.get(str(cell), cell) for cell in late("Альфа", "Ким")]
    file = write_base(
        tmp_path / "base.xlsx",
        {
            words.name("sections", "working"): [
                [words.name("columns", field) for field in FIELDS],
                row,
            ]
        },
    )
    assert sheetsync("run", file, "--lang", "ru", "--today", MONDAY, "--force").code == 0
    people(monkeypatch, team=(Manager(name="Ким", email="kim@firm.com"),))
    told = sheetsync("notify", file, "--today", MONDAY, "--config", config, "--lang", "ru")
    assert (told.code, post.received()) == (0, ["kim@firm.com", "eve@firm.com"])
    assert re.fullmatch(r"Дела на 2 марта: \d+ компани[йяи]", str(post.letters[0]["Subject"]))
    assert re.search(
        r"шаг просрочен с \d+ февраля \(\d+ (день|дня|дней)\): [А-Я]", post.bodies()[0]
    )
    assert [row[5] for row in cells(file)["Журнал"][1:3]] == ["сообщено", "сообщено"]


@pytest.fixture
def google(sheetsync: Shell, cloud: Cloud, team: Change, config: Path) -> Cloud:  # noqa: ARG001  # the team stands on the Settings tab
    """Give a spreadsheet at Google after its first night."""
    cloud.lay_out(tabs(late("Alfa", "Ann"), late("Beta", "Ben")))
    assert sheetsync("run", ADDRESS, "--today", MONDAY, "--force").code == 0
    cloud.sent.clear()
    return cloud


def lines(google: Cloud) -> list[Any]:
    return [row[4] for row in google.cells()["Journal"] if row[5] == "told"]


def test_a_message_leads_to_the_managers_tab_and_telling_takes_five_requests(
    sheetsync: Shell, google: Cloud, config: Path, post: Office
) -> None:
    assert sheetsync("notify", ADDRESS, "--today", MONDAY, "--config", config).code == 0
    ids = {
        sheet.title: sheet.id
        for sheet in google.workspace.store("a-spreadsheet-id-of-google-0123456789")
        .current()
        .sheets
    }
    links = [body.splitlines()[-1] for body in post.bodies()]
    assert links == [
        f"https://docs.google.com/spreadsheets/d/a-spreadsheet-id-of-google-0123456789/edit#gid={ids[title]}"
        for title in (MANAGER.format(name="Ann"), MANAGER.format(name="Ben"), "Summary")
    ]
    assert (google.count("read"), google.count("write")) == (3, 2)
    google.sent.clear()
    assert sheetsync("notify", ADDRESS, "--today", MONDAY, "--config", config).code == 0
    assert (google.count("read"), google.count("write")) == (2, 0)


def test_nothing_is_sent_where_the_book_cannot_be_locked(
    sheetsync: Shell, google: Cloud, config: Path, post: Office
) -> None:
    google.always["write"] = Fault()
    assert sheetsync("notify", ADDRESS, "--today", MONDAY, "--config", config).code == 3
    assert post.letters == []
    google.always.clear()
    assert sheetsync("notify", ADDRESS, "--today", MONDAY, "--config", config).code == 0
    assert len(post.letters) == 3


def test_nothing_is_sent_twice_by_two_daemons(
    sheetsync: Shell, google: Cloud, config: Path, post: Office
) -> None:
    """The second one has read the book before the first has told anybody, and locks it afterwards."""
    other = list[int]()

    def meanwhile() -> None:
        if not other:
            other.append(sheetsync("notify", ADDRESS, "--today", MONDAY, "--config", config).code)

    count = google.count

    def counted(kind: str) -> int:
        if kind == "write" and count("read") == 2 and not count("write"):
            meanwhile()
        return count(kind)

    google.count = counted  # type: ignore[method-assign]  # just before the first write, another does all of it
    sheetsync("notify", ADDRESS, "--today", MONDAY, "--config", config)
    assert other == [0]
    assert sorted(post.received()) == ["ann@firm.com", "ben@firm.com", "eve@firm.com"]
    assert sorted(lines(google)) == ["Ann", "Ben", "Eve"]


def test_a_crash_between_sending_and_writing_doubles_a_message_and_loses_none(
    sheetsync: Shell, google: Cloud, config: Path, post: Office
) -> None:
    google.script[5] = Fault(error=Killed())
    with pytest.raises(Killed):
        sheetsync("notify", ADDRESS, "--today", MONDAY, "--config", config)
    assert (len(post.letters), lines(google)) == (3, [])
    assert sheetsync("notify", ADDRESS, "--today", MONDAY, "--config", config).code == 0
    assert (len(post.letters), len(lines(google))) == (6, 3)


def test_an_answer_that_was_lost_is_no_reason_to_write_or_send_again(
    sheetsync: Shell, google: Cloud, config: Path, post: Office
) -> None:
    google.script[5] = Fault(late=True)
    assert sheetsync("notify", ADDRESS, "--today", MONDAY, "--config", config).code == 0
    assert (len(post.letters), len(lines(google))) == (3, 3)


def test_what_went_out_and_could_not_be_written_down_is_said(
    sheetsync: Shell, google: Cloud, config: Path, post: Office
) -> None:
    google.script.update(dict.fromkeys(range(5, 40), Fault()))
    told = sheetsync("notify", ADDRESS, "--today", MONDAY, "--config", config)
    assert told.code == 3
    assert len(post.letters) == 3
    assert "would send them again" in told.err


def test_the_doctor_looks_at_channels_and_people_without_sending(
    sheetsync: Shell, book: Path, tmp_path: Path, team: Change, post: Office
) -> None:
    team(team=(ANN, Manager(name="Cid")), head=EVE)
    config = settings(
        tmp_path / "s.toml",
        post.template,
        TELEGRAM,
        f"nosuch://{TOKEN}/{{address}}",
        f"tgram://1:{TOKEN}/5",
    )
    told = sheetsync("doctor", book, "--config", config, "--json")
    found = [
        (one["code"], one["well"], one["said"])
        for one in told.json["findings"]
        if one["code"].startswith("notify")
    ]
    assert [(code, well) for code, well, _ in found] == [
        ("notify", True),
        ("notify", True),
        ("notify", False),
        ("notify", False),
        ("notify_people", False),
    ]
    assert "nosuch is not understood" in found[2][2]
    assert "tgram.2 reaches nobody" in found[3][2]
    assert "Ben; Cid" in found[4][2] or "Cid; Ben" in found[4][2]
    assert TOKEN not in told.out
    assert post.letters == []


@pytest.mark.parametrize(
    "mistake",
    [
        "channels = 5",
        'chanels = ["x"]',
        "channels = [['tgram://1:AAbbCC/x']]",
        "timeout_seconds = 'tgram://1:AAbbCC/x'",
    ],
)
def test_a_mistake_in_the_settings_is_told_without_what_stands_there(
    sheetsync: Shell, book: Path, tmp_path: Path, mistake: str
) -> None:
    (tmp_path / "s.toml").write_text(f"[notify]\n{mistake}\n", encoding="utf-8")
    told = sheetsync("notify", book, "--config", tmp_path / "s.toml", "--today", MONDAY)
    told.complains(1)
    assert "[notify] " in told.err
    assert "AAbbCC" not in told.err


def test_channels_may_stand_in_the_environment(
    sheetsync: Shell, book: Path, post: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHEETSYNC_NOTIFY_CHANNELS", post.template)
    assert sheetsync("notify", book, "--today", MONDAY).code == 0
    assert len(post.letters) == 3
