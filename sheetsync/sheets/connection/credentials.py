"""Which account the program acts as: a file that is named, or one at a usual place.

Finds and loads; what the account may open is Google's answer to the first request.
"""

import json
import os
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from google.auth.exceptions import DefaultCredentialsError

from sheetsync.config import Settings
from sheetsync.errors import CredentialsError
from sheetsync.i18n import Language

SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
"""What the account is let do: read and write spreadsheets that are shared with it; no Drive."""
GOOGLES = ("googleapis.com", "google.com")
"""Domains whose hosts are Google's."""
OTHERS_WRITE = 0o002
OTHERS_READ = 0o044
LOCAL_USER = "sheetsync@localhost"
"""Who the program is on an emulator: never the owner, so that protections bind it as on Google."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS"
"""The variable of the environment in which Google's own libraries look for a file."""
_USER = "user:"
"""What an emulator's tokens begin with; the user's address follows."""


def gspread_file() -> Path:
    """Return the place where gspread keeps a service account's file."""
    folder = Path.home() / ".config"
    if os.name == "nt" and "APPDATA" in os.environ:
        folder = Path(os.environ["APPDATA"])
    return folder / "gspread" / "service_account.json"


def local() -> Any:
    """Return credentials for an emulator: a bearer token that names the user, never refreshed."""
    return _google("oauth2.credentials").Credentials(
        token=f"{_USER}{LOCAL_USER}"
    )


def _google(module: str) -> Any:
    """Return a module of google-auth's, which is partly typed; it is kept out of start-up."""
    return import_module(f"google.{module}")


def account(credentials: Any) -> str | None:
    """Return the e-mail address of credentials, where they tell it.

    People share the spreadsheet with it.
    """
    token = getattr(credentials, "token", None)
    if isinstance(token, str) and token.startswith(_USER):
        return token.removeprefix(_USER)
    return getattr(credentials, "service_account_email", None)


def find(settings: Settings, language: Language) -> Any:
    """Return credentials by the first way that is there.

    Raises CredentialsError with what to do.
    """
    endpoint = settings.api_endpoint
    trusted = settings.trust_endpoint
    # A key of Google's is no business of an emulator's, whatever the environment names.
    if endpoint and _host(endpoint) in LOOPBACK and not trusted:
        return local()
    if endpoint:
        _check_place(endpoint, language, trusted=trusted)
    file = file_in_use(settings)
    if file is not None:
        return from_file(file, language, trusted=trusted)
    return _default(language)


def is_read_by_others(path: Path) -> bool:
    """Tell whether other users of this machine may read a file."""
    # Windows has no such rights.
    return os.name != "nt" and bool(path.stat().st_mode & OTHERS_READ)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _check_place(place: str, language: Language, *, trusted: bool) -> None:
    """Raise CredentialsError where credentials would go to somebody else than Google."""
    text = language.text
    host = _host(place)
    if host not in LOOPBACK and not place.lower().startswith("https://"):
        raise CredentialsError(
            text(
                "Credentials are not sent to {place}: it is no https.",
                place=place,
            ),
            fix=text("Name an address that begins with https://."),
        )
    is_googles = any(
        host == domain or host.endswith(f".{domain}") for domain in GOOGLES
    )
    if not is_googles and not trusted:
        message = text(
            "Credentials are not sent to {host}: it is not Google's.",
            host=host or place,
        )
        fix = text(
            "If it is meant, set trust_endpoint = true in sheetsync.toml or "
            "SHEETSYNC_TRUST_ENDPOINT=1."
        )
        raise CredentialsError(message, fix=fix)


def _named_file(settings: Settings) -> Path | None:
    """Return the file that the settings name, or else the environment."""
    if settings.credentials:
        return settings.credentials
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def file_in_use(settings: Settings) -> Path | None:
    """Return the file of the key, be it that it is not there; None: no file is used."""
    named = _named_file(settings)
    if named is not None:
        return named.expanduser()
    return gspread_file() if gspread_file().exists() else None


def are_named(settings: Settings) -> bool:
    """Tell whether anything names credentials, be they good or not, or a service of one's own."""
    named = _named_file(settings) is not None or bool(settings.api_endpoint)
    return named or gspread_file().exists()


def _default(language: Language) -> Any:
    """Return what Google's own libraries find: a user who is logged in, or the machine's."""
    # Off Google's own machines, a look for their metadata server only costs seconds.
    os.environ.setdefault("NO_GCE_CHECK", "true")
    try:
        credentials, _ = _google("auth").default(scopes=SCOPES)
    except DefaultCredentialsError as error:
        fix = language.text(
            "Put the service account's file at {place}, or name it in "
            "GOOGLE_APPLICATION_CREDENTIALS. `credentials.example.json` shows its form.",
            place=gspread_file(),
        )
        message = language.text("No Google credentials were found.")
        raise CredentialsError(message, fix=fix) from error
    return credentials


def from_file(path: Path, language: Language, *, trusted: bool = False) -> Any:
    """Load a service account's or a user's file. `trusted`: its tokens may come from anywhere.

    Raises CredentialsError, saying what is wrong with it.
    """
    content = _content(path, language)
    _check_writers(path, language)
    source = content.get("token_uri") if isinstance(content, dict) else None
    if source is not None:
        _check_place(str(source), language, trusted=trusted)
    kind = content.get("type") if isinstance(content, dict) else None
    try:
        if kind == "service_account":
            loader = _google("oauth2.service_account").Credentials
            return loader.from_service_account_info(content, scopes=SCOPES)
        if kind == "authorized_user":
            loader = _google("oauth2.credentials").Credentials
            return loader.from_authorized_user_info(content, scopes=SCOPES)
    except (ValueError, KeyError) as error:
        message = language.text(
            "The credentials file {path} is incomplete or damaged.", path=path
        )
        raise CredentialsError(
            message, fix=_download_again(language)
        ) from error
    message = language.text(
        "The file {path} is no service account's key.", path=path
    )
    raise CredentialsError(message, fix=_download_again(language))


def _check_writers(path: Path, language: Language) -> None:
    """Raise CredentialsError where anybody on this machine may put another key there."""
    # Only for everybody: a group of one's own may write on many machines, and nights go on there.
    if os.name == "nt" or not path.stat().st_mode & OTHERS_WRITE:
        return
    message = language.text(
        "Everybody on this machine may change the credentials file {path}.",
        path=path,
    )
    fix = language.text(
        "Take that right away: `chmod o-w {path}`. If somebody may have used it, make a new key.",
        path=path,
    )
    raise CredentialsError(message, fix=fix)


def _content(path: Path, language: Language) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = language.text(
            "The credentials file {path} cannot be read.", path=path
        )
        raise CredentialsError(
            message, fix=_download_again(language)
        ) from error
    except ValueError as error:
        message = language.text(
            "The credentials file {path} is not JSON.", path=path
        )
        raise CredentialsError(
            message, fix=_download_again(language)
        ) from error


def _download_again(language: Language) -> str:
    return language.text(
        "Download the account's JSON key again and name that file; "
        "`credentials.example.json` shows its form."
    )
