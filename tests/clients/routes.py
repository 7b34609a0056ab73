"""The ways by which other people's clients are sent to an emulator instead of to Google, each by the client's own means.

What they do there is said in the tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import gspread
import httplib2
import pygsheets
import requests
from google.auth.credentials import AnonymousCredentials
from googleapiclient import discovery
from requests.adapters import HTTPAdapter

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

    from sheetsync.emulator import Workspace

GOOGLE = ("sheets.googleapis.com", "www.googleapis.com")


class Place(NamedTuple):
    """A running emulator: its root address, one spreadsheet of it, and the workspace behind."""

    url: str
    id: str
    workspace: Workspace


def rerouted(address: str, root: str) -> str:
    """Give the address at `root` that stands for one at Google."""
    parts = urlsplit(address)
    if parts.hostname not in GOOGLE:
        raise ValueError(f"{address} is not at Google")
    place = urlsplit(root)
    return urlunsplit((*place[:2], place.path.rstrip("/") + parts.path, *parts[3:]))


class Rerouted(HTTPAdapter):
    """A transport of `requests` that carries what is meant for Google to another root."""

    def __init__(self, root: str) -> None:
        super().__init__()
        self.root = root

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send one request, at the other address."""
        request.url = rerouted(request.url or "", self.root)
        return super().send(request, *args, **options)


class ReroutedHttp(httplib2.Http):  # type: ignore[misc]  # ships no types
    """The same for httplib2, which Google's own client and pygsheets use."""

    def __init__(self, root: str) -> None:
        super().__init__(timeout=30)
        self.root = root

    def request(self, uri: str, *args: Any, **options: Any) -> Any:
        """Send one request, at the other address."""
        return super().request(rerouted(uri, self.root), *args, **options)


def nobody() -> AnonymousCredentials:
    """Give credentials that ask for none: at the emulator, the owner's."""
    return AnonymousCredentials()  # type: ignore[no-untyped-call]  # google-auth types most of itself, not this


def session_at(root: str, user: str | None = None) -> requests.Session:
    """Give a session of `requests` that meets the emulator at Google's addresses; `user` signs."""
    session = requests.Session()
    session.mount("https://", Rerouted(root))
    if user:
        session.headers["Authorization"] = f"Bearer user:{user}"
    return session


def gspread_at(root: str, user: str | None = None) -> gspread.Client:
    """Give gspread's client over HTTP: its own session, another transport."""
    return gspread.Client(auth=nobody(), session=session_at(root, user))


def google_at(root: str, api: str = "sheets", version: str = "v4") -> Any:
    """Give the resource that google-api-python-client builds, as its users build it for an endpoint of their own."""
    endpoint = f"{root}/" if api == "sheets" else f"{root}/drive/v3/"
    return discovery.build(
        api,
        version,
        static_discovery=True,
        cache_discovery=False,
        credentials=nobody(),
        client_options={"api_endpoint": endpoint},
    )


def pygsheets_at(root: str) -> Any:
    """Give pygsheets' client: its documents name Google's addresses, so its transport is another."""
    return pygsheets.authorize(custom_credentials=nobody(), http=ReroutedHttp(root))
