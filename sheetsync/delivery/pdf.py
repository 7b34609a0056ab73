"""An HTML page made into a PDF: by WeasyPrint where it is installed, else by LibreOffice.

Neither fetches anything.

Knows nothing of what stands on the page.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sheetsync.errors import InputError
from sheetsync.i18n import Language

Engine = Literal["weasyprint", "libreoffice"]
SECONDS = 180
"""How long LibreOffice may take: its first start on a slow machine takes half a minute."""
PROGRAMS = ("soffice", "libreoffice")
_READ, _WRITE = "--infilter=HTML (StarWriter)", "pdf:writer_pdf_Export"
"""As a text document: as a web page LibreOffice loses the first paragraph of some."""


class Press(NamedTuple):
    """What makes PDFs here.

    `program`: where it is, of LibreOffice; `office`: whether it reads pages as a word processor
    does.
    """

    engine: Engine
    program: str = ""

    @property
    def office(self) -> bool:
        """Whether the page has to be laid out for a word processor."""
        return self.engine == "libreoffice"


def press(language: Language) -> Press:
    """Find what can make a PDF here. Raises InputError that says what to install."""
    if find_spec("weasyprint") is not None and _loads():
        return Press("weasyprint")
    program = next(
        (found for name in PROGRAMS if (found := shutil.which(name))), None
    )
    if program is not None:
        return Press("libreoffice", program)
    fix = language.text(
        "Install `pip install 'sheetsync-bridge[pdf]'` or LibreOffice; or make an .html and "
        "print it to PDF from any browser."
    )
    raise InputError(
        language.text("Nothing on this machine can make a PDF."), fix=fix
    )


def _loads() -> bool:
    """Tell whether WeasyPrint finds the libraries of the system that it needs."""
    try:
        import weasyprint  # noqa: F401, PLC0415  # heavy, and an extra
    # Pip brings the package alone: where Pango is missing, its import ends in an OSError.
    except (ImportError, OSError):
        return False
    return True


def pdf_of(html: str, by: Press, language: Language) -> bytes:
    """Return a page as a PDF. Raises InputError where the program fails."""
    if by.engine == "weasyprint":
        return _by_weasyprint(html)
    return _by_libreoffice(html, by.program, language)


def _by_weasyprint(html: str) -> bytes:
    from weasyprint import HTML  # noqa: PLC0415  # heavy, and an extra
    from weasyprint.urls import URLFetcher  # noqa: PLC0415  # the same

    # The page has all that it needs: whatever else it may ask for is not fetched.
    made: bytes = HTML(
        string=html, url_fetcher=URLFetcher(allowed_protocols=())
    ).write_pdf(pdf_variant="pdf/ua-1")
    return made


def _by_libreoffice(html: str, program: str, language: Language) -> bytes:
    """Convert a page. Raises InputError where LibreOffice writes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "pack.html")
        source.write_text(html, encoding="utf-8")
        # With a profile of its own, an office that is open does not matter.
        profile = Path(folder, "profile").as_uri()
        command = [
            program,
            f"-env:UserInstallation={profile}",
            "--headless",
            _READ,
            "--convert-to",
            _WRITE,
            "--outdir",
            folder,
            str(source),
        ]
        why = _ran(command)
        made = source.with_suffix(".pdf")
        # Without Writer, LibreOffice may end as if all were well and have written nothing.
        if not why and made.exists():
            return made.read_bytes()
    fix = language.text(
        "Check that LibreOffice Writer is installed; or make an .html and print it to PDF from "
        "any browser."
    )
    raise InputError(
        language.text(
            "LibreOffice could not make the PDF: {why}",
            why=why or language.text("it wrote nothing"),
        ),
        fix=fix,
    )


def _ran(command: list[str], run: Callable[..., Any] = subprocess.run) -> str:
    """Run a program; return why it failed, "" where it did not."""
    try:
        done = run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0:
        return ""
    return (done.stderr.strip() or done.stdout.strip() or str(done.returncode))[
        -300:
    ]
