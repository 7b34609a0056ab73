"""What is installed from the wheel finds its templates and catalogues, and says the same as the source tree."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([*pip, *build], check=True, capture_output=True)
    wheel = next(folder.glob("sheetsync_bridge-*.whl"))
    target = folder / "site"
    subprocess.run(
        [*pip, "install", "--no-deps", "--target", str(target), str(wheel)],
        check=True,
        capture_output=True,
    )
    return target


def answer(installed: Path, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=installed,
        env={**os.environ, "PYTHONPATH": str(installed), "PYTHONIOENCODING": "utf-8"},
    )
    return done.stdout.strip()


def test_the_installed_package_is_the_one_asked(installed: Path) -> None:
    assert answer(installed, "import sheetsync; print(sheetsync.__file__)").startswith(
        str(installed)
    )


@pytest.mark.parametrize(("code", "word"), [("ru", "Сделка"), ("en", "Deal")])
def test_templates_travel_inside_the_wheel(installed: Path, code: str, word: str) -> None:
    asked = f"from sheetsync.method.policy import template; print(template({code!r}).words.name('states', 'deal'))"
    assert answer(installed, asked) == word


def test_the_russian_catalogue_travels_compiled(installed: Path) -> None:
    asked = "from sheetsync.i18n import language; print(language('ru').text('No problems found.'))"
    assert answer(installed, asked) == "Проблем не найдено."


def test_the_starter_rows_travel_too(installed: Path) -> None:
    asked = "from sheetsync.method.policy import templates_folder as f; print(sorted(p.parent.name for p in f().glob('*/starter.csv')))"
    assert answer(installed, asked) == "['en', 'ru']"


def test_the_languages_that_are_only_read_travel_too(installed: Path) -> None:
    asked = "from sheetsync.method.policy import template; print(*[w.code for w in template('en').foreign_words])"
    assert answer(installed, asked) == "de es fr it kk pl pt tr uk"


def test_the_emulator_brings_its_schemas(installed: Path) -> None:
    asked = "import sheetsync.emulator as e, pathlib; print((pathlib.Path(e.__file__).parent / 'wire/schemas.json').exists())"
    assert answer(installed, asked) == "True"


def test_the_pages_templates_travel_too(installed: Path) -> None:
    asked = "from sheetsync.reporting.meeting_pack.html import FOLDER; print(sorted(path.name for path in FOLDER.iterdir()))"
    assert (
        answer(installed, asked)
        == "['office.html', 'page.html', 'parts.html', 'picture.svg', 'style.css']"
    )


def test_a_package_page_shows_every_picture_and_follows_every_link(installed: Path) -> None:
    metadata = next(installed.glob("sheetsync_bridge-*.dist-info/METADATA"))
    page = metadata.read_text(encoding="utf-8").partition("\n\n")[2]
    targets = re.findall(r"\]\(([^)]+)\)", page)
    assert targets
    assert [target for target in targets if not target.startswith("https://")] == []


def test_a_package_page_leads_to_the_project(installed: Path) -> None:
    metadata = next(installed.glob("sheetsync_bridge-*.dist-info/METADATA"))
    urls = re.findall(r"^Project-URL: (\w+), https://", metadata.read_text("utf-8"), re.MULTILINE)
    assert {"Homepage", "Documentation", "Changelog", "Issues"} <= {*urls}


def test_the_daemons_page_travels_too(installed: Path) -> None:
    asked = "from sheetsync.daemon.status_page import FOLDER; print([path.name for path in FOLDER.iterdir()])"
    assert answer(installed, asked) == "['status.html']"


def test_the_wheel_says_how_its_books_stand_with_no_file_of_the_tree(
    installed: Path, tmp_path: Path
) -> None:
    settings = tmp_path / "sheetsync.toml"
    settings.write_text(
        f'state = "{tmp_path}"\n[[books]]\nname = "sales"\naddress = "sales.xlsx"\n',
        encoding="utf-8",
    )
    asked = (
        f"from sheetsync.__main__ import run; print(run(['status', '--config', {str(settings)!r}]))"
    )
    assert answer(installed, asked).endswith("2")
