"""Which account the program acts as: a service account's file, the environment, or gspread's usual place.

Finds and loads; what the account may open is Google's answer to the first request.
"""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sheetsync.config import Settings
from sheetsync.errors import CredentialsError
from sheetsync.i18n import Language

SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive.readonly",
)
LOCAL_USER = "sheetsync@localhost"
"""Who the program is on an emulator: never the owner, so that protections bind it as they would on Google."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def gspread_file() -> Path:
    """Return the place where gspread keeps a service account's file."""
    folder = (
        Path(os.environ["APPDATA"])
        if os.name == "nt" and "APPDATA" in os.environ
        else Path.home() / ".config"
    )
    return folder / "gspread" / "service_account.json"


def local() -> Any:
    """Return credentials for an emulator: a bearer token that names the user, never refreshed."""
    from google.oauth2.credentials import Credentials  # noqa: PLC0415  # kept out of start-up

    return Credentials(token=f"user:{LOCAL_USER}")  # type: ignore[no-untyped-call,unused-ignore]  # google-auth is partly typed


def account(found: Any) -> str | None:
    """Return the e-mail address of credentials, where they tell it: people share the spreadsheet with it."""
    token = getattr(found, "token", None)
    if isinstance(token, str) and token.startswith("user:"):
        return token.removeprefix("user:")
    return getattr(found, "service_account_email", None)


def find(settings: Settings, language: Language) -> Any:
    """Return credentials by the first way that is there. Raises CredentialsError with what to do."""
    named = settings.credentials or (
        Path(p) if (p := os.environ.get("GOOGLE_APPLICATION_CREDENTIALS")) else None
    )
    if named is not None:
        return from_file(named.expanduser(), language)
    if settings.api_endpoint and urlsplit(settings.api_endpoint).hostname in LOOPBACK:
        return local()
    if gspread_file().exists():
        return from_file(gspread_file(), language)
    return _default(language)


def are_named(settings: Settings) -> bool:
    """Tell whether anything names credentials, be they good or not, or a service of one's own."""
    named = (
        settings.credentials
        or settings.api_endpoint
        or os.environ.get("GOOGLE_APPLICATION_CREDENTIALS")
    )
    return bool(named) or gspread_file().exists()


def _default(language: Language) -> Any:
    import google.auth  # noqa: PLC0415  # kept out of start-up
    from google.auth.exceptions import DefaultCredentialsError  # noqa: PLC0415  # the same

    # Off Google's own machines, a look for their metadata server only costs seconds.
    os.environ.setdefault("NO_GCE_CHECK", "true")
    try:
        found, _ = google.auth.default(scopes=SCOPES)
    except DefaultCredentialsError as error:
        raise CredentialsError(
            language.text("No Google credentials were found."),
            fix=language.text(
                "Put the service account's file at {place}, or name it in GOOGLE_APPLICATION_CREDENTIALS. `credentials.example.json` shows its form.",
                place=gspread_file(),
            ),
        ) from error
    return found


def from_file(path: Path, language: Language) -> Any:
    """Load a service account's or a user's file. Raises CredentialsError, saying what is wrong with it."""
    fix = language.text(
        "Download the account's JSON key again and name that file; `credentials.example.json` shows its form."
    )
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CredentialsError(
            language.text("The credentials file {path} cannot be read.", path=path), fix=fix
        ) from error
    except ValueError as error:
        raise CredentialsError(
            language.text("The credentials file {path} is not JSON.", path=path), fix=fix
        ) from error
    kind = content.get("type") if isinstance(content, dict) else None
    try:
        if kind == "service_account":
            from google.oauth2.service_account import Credentials  # noqa: PLC0415  # kept out of start-up

            return Credentials.from_service_account_info(content, scopes=SCOPES)  # type: ignore[no-untyped-call,unused-ignore]  # google-auth is partly typed
        if kind == "authorized_user":
            from google.oauth2.credentials import Credentials as User  # noqa: PLC0415  # kept out of start-up

            return User.from_authorized_user_info(content, scopes=SCOPES)  # type: ignore[no-untyped-call,unused-ignore]  # google-auth is partly typed
    except (ValueError, KeyError) as error:
        message = language.text("The credentials file {path} is incomplete or damaged.", path=path)
        raise CredentialsError(message, fix=fix) from error
    raise CredentialsError(
        language.text("The file {path} is no service account's key.", path=path), fix=fix
    )
