"""`report --pack`: a page for the planning meeting, from a file, a Google book or a served one; nothing is written to the book."""

import json
import os
import shutil
import stat
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from sheetsync.__main__ import run
from sheetsync.delivery import pdf as printing
from sheetsync.delivery.pdf import Press, pdf_of, press
from sheetsync.emulator import Server, Workspace
from sheetsync.errors import InputError
from sheetsync.i18n import language
from tests.builders.bench import Shell, small_base
from tests.builders.cloud import ADDRESS, BOOK, Cloud
from tests.builders.packs import read

TODAY = "2026-03-02"
REQUIRED = "pdf" in os.environ.get("SHEETSYNC_REQUIRE", "").replace(",", " ").split()
Asked = tuple[str, ...]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return small_base(tmp_path / "base.xlsx")


def _text(pdf: bytes) -> tuple[int, str]:
    """Return how many pages a PDF has, and its text."""
    reader = PdfReader(BytesIO(pdf))
    return len(reader.pages), " ".join(
        " ".join(page.extract_text() for page in reader.pages).split()
    )


def test_a_page_is_made_of_a_file_and_the_file_stays_as_it_was(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    bytes_ = base.read_bytes()
    told = sheetsync("report", base, "--pack", "week", "-o", "pack.html", "--today", TODAY)
    assert (told.code, told.err) == (0, "")
    assert told.out.strip() == "Written: pack.html."
    made = read((tmp_path / "pack.html").read_text(encoding="utf-8"))
    assert "Planning meeting of the week" in made.texts
    assert made.links == []
    assert "Working list, row 2" in made.texts
    assert base.read_bytes() == bytes_
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base.xlsx", "home", "pack.html"]


@pytest.mark.parametrize("pack", ["day", "week", "month"])
def test_a_base_that_was_never_run_has_no_history_not_even_of_today(
    sheetsync: Shell, base: Path, pack: str
) -> None:
    assert sheetsync("report", base, "--pack", pack, "-o", "p.html", "--today", TODAY).code == 0
    made = read(Path("p.html").read_text(encoding="utf-8"))
    assert made.texts.count("Not enough history yet.") >= 3
    assert "not enough history yet" in made.texts


def test_the_page_of_a_base_after_its_nights_says_what_was_done(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    assert sheetsync("run", base, "--today", TODAY, "--force").code == 0
    assert sheetsync("report", base, "--pack", "day", "-o", "p.html", "--today", TODAY).code == 0
    made = read((tmp_path / "p.html").read_text(encoding="utf-8"))
    assert "Company by company" in made.texts
    assert "Strategic archive" in made.texts


def test_only_two_requests_are_sent_and_none_of_them_writes(sheetsync: Shell, cloud: Cloud) -> None:
    told = sheetsync(
        "report", ADDRESS, "--pack", "month", "-o", "p.html", "--today", TODAY, "--json"
    )
    assert told.code == 0, told.err
    assert told.json["requests"] == {"read": 2, "write": 0}
    assert (cloud.count("read"), cloud.count("write")) == (2, 0)
    assert {
        key: told.json[key] for key in ("version", "book", "today", "pack", "path", "made_by")
    } == {
        "version": 1,
        "book": BOOK,
        "today": TODAY,
        "pack": "month",
        "path": "p.html",
        "made_by": "html",
    }
    links = read(Path("p.html").read_text(encoding="utf-8")).links
    assert links
    assert all(
        href.startswith(f"https://docs.google.com/spreadsheets/d/{BOOK}/edit#gid=")
        for href in links
    )


def test_a_served_book_has_no_address_that_a_browser_opens(
    sheetsync: Shell, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(Workspace.of_file(base))
    server.bind()
    monkeypatch.setenv("SHEETSYNC_API_ENDPOINT", server.url)
    with server:
        told = sheetsync(
            "report", "base", "--pack", "week", "-o", "p.html", "--today", TODAY, "--json"
        )
    assert told.code == 0, told.err
    assert told.json["requests"] == {"read": 2, "write": 0}
    made = read(Path("p.html").read_text(encoding="utf-8"))
    assert made.links == []
    assert "Working list, row 2" in made.texts


def test_without_a_name_the_page_stands_beside_the_file(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "sales base.xlsx"
    base.rename(elsewhere)
    told = sheetsync("report", elsewhere, "--pack", "week", "--today", TODAY)
    assert told.code == 0
    made = tmp_path / "sales-base-week-2026-03-02.html"
    assert str(made) in told.out
    assert made.exists()


def test_without_a_name_the_page_of_a_google_book_stands_in_the_working_folder(
    sheetsync: Shell, cloud: Cloud
) -> None:
    told = sheetsync("report", ADDRESS, "--pack", "day", "--today", TODAY)
    assert told.code == 0, told.err
    assert told.out.strip() == "Written: Base-day-2026-03-02.html."
    assert Path("Base-day-2026-03-02.html").exists()
    assert cloud.count("write") == 0


def test_the_page_goes_to_standard_output_and_nothing_else_does(
    base: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(["report", str(base), "--pack", "week", "-o", "-", "--today", TODAY]) == 0
    out = capfdbinary.readouterr().out.decode()
    assert out.startswith("<!DOCTYPE html>")
    assert out.endswith("</html>\n")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("--pack", "year"), "There is no pack “year”."),
        (("-o", "pack.html"), "`-o` goes with `--pack`"),
        (("--pack", "week", "-o", "pack.docx"), "pack.docx: a pack is an .html or a .pdf."),
        (("--pack", "week", "-o", "pack"), "pack: a pack is an .html or a .pdf."),
        (("--pack", "week", "-o", "nowhere/pack.html"), "There is no folder nowhere."),
        (("--pack", "week", "-o", "-", "--json"), "`--json` and `-o -` do not go together."),
    ],
)
def test_what_cannot_be_done_is_refused_in_words_before_anything_is_read(
    sheetsync: Shell, tmp_path: Path, asked: Asked, says: str
) -> None:
    told = sheetsync("report", tmp_path / "is-not-there.xlsx", *asked)
    told.complains(1)
    assert says in told.err


def test_a_folder_is_no_file(sheetsync: Shell, base: Path, tmp_path: Path) -> None:
    (tmp_path / "pack.html").mkdir()
    told = sheetsync("report", base, "--pack", "week", "-o", "pack.html")
    told.complains(1)
    assert "pack.html is a folder." in told.err


def test_a_page_that_cannot_be_written_leaves_the_old_one_as_it_was(
    sheetsync: Shell, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "pack.html"
    old.write_text("old", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sheetsync.delivery.files.os.fsync", full)
    told = sheetsync("report", base, "--pack", "week", "-o", "pack.html", "--today", TODAY)
    told.complains(1)
    assert "No space left on device" in told.err
    assert old.read_text(encoding="utf-8") == "old"
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".tmp")]


def test_a_page_that_is_replaced_keeps_its_rights(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    old = tmp_path / "pack.html"
    old.write_bytes("<p>Сводка</p>".encode("cp1251"))
    old.chmod(0o640)
    assert sheetsync("report", base, "--pack", "week", "-o", old, "--today", TODAY).code == 0
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert old.stat().st_size > 1000


def test_the_report_tabs_are_still_written_without_a_pack(sheetsync: Shell, base: Path) -> None:
    told = sheetsync("report", base, "--today", TODAY, "--json")
    assert (told.code, told.json["wrote"]) == (0, True)


def _made_by(engine: str) -> Press:
    """Return what makes PDFs; skip where it is not installed, and fail where it is asked for."""
    found: Press | None = None
    try:
        found = press(language("en"))
    except InputError:
        found = None
    if engine == "libreoffice":
        program = shutil.which("soffice")
        writer = bool(program) and any((Path(str(program)).resolve().parent).glob("libswlo*"))
        found = Press("libreoffice", str(program)) if writer else None
    if found is None or found.engine != engine:
        if REQUIRED:
            pytest.fail(f"SHEETSYNC_REQUIRE asks for pdf: {engine} is not installed")
        pytest.skip(f"{engine} is not installed")
    return found


def test_a_pdf_has_pages_with_the_words_of_the_page(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    _made_by("weasyprint")
    told = sheetsync("report", base, "--pack", "week", "-o", "pack.PDF", "--today", TODAY, "--json")
    assert (told.code, told.err, told.json["made_by"]) == (0, "", "weasyprint")
    pages, text = _text((tmp_path / "pack.PDF").read_bytes())
    assert pages > 1
    for words in (
        "Planning meeting of the week",
        "Load against the limit",
        "Manager 0",
        "How it is counted",
    ):
        assert words in text
    reader = PdfReader(tmp_path / "pack.PDF")
    assert reader.metadata is not None
    assert "Planning meeting of the week" in str(reader.metadata.title)


def test_libreoffice_makes_the_pdf_where_there_is_nothing_else(
    sheetsync: Shell, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _made_by("libreoffice")
    monkeypatch.setattr(printing, "find_spec", lambda _: None)
    told = sheetsync("report", base, "--pack", "week", "-o", "pack.pdf", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    assert told.json["made_by"] == "libreoffice"
    pages, text = _text((tmp_path / "pack.pdf").read_bytes())
    assert pages > 1
    for words in (
        "Planning meeting of the week",
        "Load against the limit",
        "Manager 0",
        "How it is counted",
    ):
        assert words in text


def test_where_nothing_makes_a_pdf_it_says_what_to_install(
    sheetsync: Shell, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "find_spec", lambda _: None)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    told = sheetsync("report", base, "--pack", "week", "-o", "pack.pdf", "--today", TODAY)
    told.complains(1)
    assert "sheetsync-bridge[pdf]" in told.err
    assert "LibreOffice" in told.err
    assert "browser" in told.err
    assert not (tmp_path / "pack.pdf").exists()


def test_a_libreoffice_that_fails_is_told_with_its_own_words(tmp_path: Path) -> None:
    broken = tmp_path / "soffice"
    broken.write_text(
        "#!/bin/sh\necho 'source file could not be loaded' >&2\nexit 3\n", encoding="utf-8"
    )
    broken.chmod(0o755)
    with pytest.raises(InputError, match="source file could not be loaded"):
        pdf_of("<p>x</p>", Press("libreoffice", str(broken)), language("en"))


def test_a_pdf_fetches_nothing_whatever_the_page_asks_for(tmp_path: Path) -> None:
    by = _made_by("weasyprint")
    secret = tmp_path / "secret.svg"
    secret.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><text y="20">secret</text></svg>', encoding="utf-8"
    )
    made = pdf_of(
        f'<html lang="en"><title>t</title><p>seen</p><img alt="x" src="{secret.as_uri()}"></html>',
        by,
        language("en"),
    )
    assert "seen" in _text(made)[1]
    assert "secret" not in _text(made)[1]


def test_a_base_without_rows_says_so(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "empty.xlsx", clients=0, resting=0)
    told = sheetsync("report", path, "--pack", "week", "-o", "p.html")
    told.complains(1)
    assert not (tmp_path / "p.html").exists()


def test_the_language_is_the_bases_own(sheetsync: Shell, data: Path, tmp_path: Path) -> None:
    shutil.copy(data / "six-tabs.xlsx", tmp_path / "six.xlsx")
    told = sheetsync(
        "report", "six.xlsx", "--pack", "week", "-o", "p.html", "--today", TODAY, "--json"
    )
    assert told.code == 0, told.err
    assert json.loads(told.out)["path"] == "p.html"
    html = Path("p.html").read_text(encoding="utf-8")
    assert '<html lang="ru">' in html
    assert "Планёрка за неделю" in html
