"""Sending one message by one route, through apprise.

As plain text, within a time, and saying no secret when it fails.

The one room that knows apprise, which is loaded when the first message goes out.
"""

import logging
import re
import warnings
from functools import cache
from typing import Any
from urllib.parse import unquote

from sheetsync.delivery.recipients import DeliveryRoute
from sheetsync.i18n import Language
from sheetsync.reporting.messages import Message, escaped, plain

MARKDOWN = frozenset(
    (
        "discord",
        "mmost",
        "mmosts",
        "guilded",
        "fluxer",
        "fluxers",
        "zulip",
        "revolt",
        "stoat",
        "lark",
        "feishu",
    )
)
"""Services that read Markdown in what is sent to them as plain text."""
SHORTEST = 4
"""Parts of an address that are shorter than this are no secrets."""


@cache
def _apprise() -> Any:
    """Load apprise, its own log silenced: what it says is told by its results."""
    log = logging.getLogger("apprise")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    log.setLevel(logging.WARNING)  # below that it tells whole addresses
    import apprise  # noqa: PLC0415  # kept out of start-up

    found: Any = apprise
    with warnings.catch_warnings():
        # Apprise's plugins warn of Python's next versions: nobody here can do anything about it.
        warnings.simplefilter("ignore", DeprecationWarning)
        found.manager_plugins.NotificationManager().load_modules()
    return found


def _service(route: DeliveryRoute, seconds: float) -> Any | None:
    """Return apprise's object of one route; None where it does not understand the address."""
    found = _apprise()
    asset = found.AppriseAsset(
        app_id="sheetsync",
        app_desc="sheetsync",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        image_path_mask=False,
        async_mode=False,
        interpret_emojis=False,
        interpret_escapes=False,
        storage_mode="memory",
        pgp_autogen=False,
        pem_autogen=False,
        service_timeout=seconds,
    )
    held = found.Apprise(asset=asset)
    if not held.add(route.url) or len(held) != 1:
        return None
    # A long message comes in parts and is not cut, unless the channel's address says otherwise.
    if "overflow=" not in route.url:
        held[0].overflow_mode = found.OverflowMode.SPLIT
    return held


def understood(route: DeliveryRoute) -> bool:
    """Tell whether apprise understands an address; sends nothing."""
    return _service(route, 1) is not None


def send(
    route: DeliveryRoute, digest: Message, seconds: float, language: Language
) -> str:
    """Send a message.

    Returns "" where the service took it, otherwise why not, in words without secrets. Raises
    nothing.
    """
    held = _service(route, seconds)
    if held is None:
        return language.text("the address is not understood")
    try:
        result = held.notify(**_content(held, route, digest))
        if result:
            return ""
        logs = [entry.message for entry in result.logs()]
        silent = result.status == _apprise().AppriseResultStatus.TIMEOUT
    except Exception as error:  # noqa: BLE001  # a plugin that breaks is a channel that fails
        return type(error).__name__
    if silent:
        return language.text("no answer within {n} s", n=round(seconds))
    return (
        _harmless(logs[-1], route.url)
        if logs
        else language.text("the service did not take it")
    )


def _content(
    held: Any, route: DeliveryRoute, digest: Message
) -> dict[str, str]:
    """Return what apprise is given.

    Plain text, or Markdown with every sign of ours escaped where the service reads it.
    """
    scheme = route.url.partition("://")[0].strip().lower()
    resolved = str(getattr(held[0].resolve_format("text"), "value", "text"))
    markup = scheme in MARKDOWN or resolved == "markdown"
    title = escaped(digest.title) if markup else digest.title
    return {
        "title": title,
        "body": digest.body(markup=markup),
        "body_format": "markdown" if resolved == "markdown" else "text",
    }


def _harmless(said: str, url: str) -> str:
    """Take out of a sentence every part of an address that may be a secret."""
    # The longest first: a shorter one within it would leave its rest to be read.
    for part in sorted(_secrets(url), key=len, reverse=True):
        said = said.replace(part, "***")
    return plain(re.sub(r"\w+://\S+", "***", said), 200)


def _secrets(url: str) -> set[str]:
    """Return every part of an address that may be a secret; of an e-mail's the server is none."""
    scheme, _, rest = url.partition("://")
    place, _, query = rest.partition("?")
    found = {
        *re.split(r"[:/@#,]", place),
        *(pair.partition("=")[2] for pair in query.split("&")),
    }
    if scheme.strip().lower() in ("mailto", "mailtos"):
        found.discard(place.split("/")[0].rpartition("@")[2].partition(":")[0])
    # A service may repeat a password as it read it, not as an address writes it.
    found |= {unquote(part) for part in found}
    return {part for part in found if len(part) >= SHORTEST}
