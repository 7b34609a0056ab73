"""From a person to the services that reach them.

Templates of apprise addresses filled with an e-mail or a messenger's address.

Tokens and passwords stand in sheetsync.toml or the environment alone. Nothing here shows an address
with a secret in it: a channel is called by its scheme. Sending is sending.py's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote

from sheetsync.config import Notify
from sheetsync.i18n import Language
from sheetsync.method.terms import Person
from sheetsync.values.emails import read_email

_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*)://")
_PREFIX = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.+)")
_SECRET = re.compile(r"\d{6,}:[\w-]{20,}|xox[a-z]-|[\w-]{40,}")
"""What only tokens look like: a bot's of Telegram, one of Slack's, a long word."""
EMAIL, ADDRESS = "{email}", "{address}"


@dataclass(frozen=True)
class Channel:
    """One template. `name`: its scheme, numbered where there are several of it."""

    name: str
    scheme: str
    # Out of what Python shows, as it holds the channel's secrets.
    template: str = field(repr=False)

    def filled(self, holder: str, value: str) -> str:
        """Return the address for one person, from what they gave."""
        # What they gave is a name within the address: no sign of it may begin another part.
        return self.template.replace(holder, quote(value, safe=""))


@dataclass(frozen=True)
class DeliveryRoute:
    """A way to one person: the channel's name, and the whole address with its secrets."""

    name: str
    url: str = field(repr=False)


class Reach(NamedTuple):
    """How a person can be reached, and what is wrong with what is said of them, in words."""

    routes: tuple[DeliveryRoute, ...]
    faults: tuple[str, ...]


def channels_of(notify: Notify) -> tuple[Channel, ...]:
    """Return the channels of the settings, in their order."""
    return tuple(
        _named([secret.get_secret_value() for secret in notify.channels])
    )


def _named(templates: Sequence[str]) -> Iterator[Channel]:
    seen: dict[str, int] = {}
    for template in templates:
        match = _SCHEME.match(template)
        scheme = match[1].lower() if match else "?"
        seen[scheme] = count = seen.get(scheme, 0) + 1
        yield Channel(
            scheme if count == 1 else f"{scheme}.{count}",
            scheme,
            template.strip(),
        )


def mistake(channel: Channel, language: Language) -> str:
    """Say what is wrong with a template, "" where nothing is.

    Whether the service knows it is sending.py's.
    """
    text = language.text
    if channel.scheme == "?":
        return text(
            "A channel of sheetsync.toml is no address of apprise: it begins with a service, "
            "such as mailto:// or tgram://."
        )
    holders = [
        holder for holder in (EMAIL, ADDRESS) if holder in channel.template
    ]
    if not holders:
        return text(
            "The channel {name} reaches nobody: write {{email}} or {{address}} where a person's "
            "own comes.",
            name=channel.name,
        )
    if len(holders) > 1:
        return text(
            "The channel {name} asks for two addresses: leave {{email}} or {{address}}.",
            name=channel.name,
        )
    return ""


class _Reaching:
    """Looks for the ways to one person, and gathers what is in their way."""

    def __init__(
        self, person: Person, channels: Sequence[Channel], language: Language
    ) -> None:
        self.person = person
        self.text = language.text
        self.usable = [
            channel for channel in channels if not mistake(channel, language)
        ]
        self.routes: list[DeliveryRoute] = []
        self.faults: list[str] = []

    def by_email(self) -> None:
        """Add the e-mail channels."""
        given = self.person.email.strip()
        if not given:
            return
        value = read_email(given).value
        if not isinstance(value, str) or value != given.casefold():
            self.faults.append(
                self.text(
                    "“{email}” is not one e-mail address: write it as name@company.com.",
                    email=given,
                )
            )
            return
        self.routes += [
            DeliveryRoute(c.name, c.filled(EMAIL, value))
            for c in self.usable
            if EMAIL in c.template
        ]

    def by_address(self) -> None:
        """Add the messengers."""
        given = self.person.address.strip()
        if "://" in given or any(
            _SECRET.search(part) for part in _parts(given)
        ):
            # Not even a part of it is said again: it may be a token.
            self.faults.append(
                self.text(
                    "The messenger's address looks like a secret, and none may stand on the "
                    "Settings tab: move it to sheetsync.toml and write the chat's number or name."
                )
            )
            return
        messengers = [
            channel for channel in self.usable if ADDRESS in channel.template
        ]
        for part in _parts(given):
            prefix = _PREFIX.fullmatch(part)
            wanted = prefix[1].lower() if prefix else ""
            self._messenger(
                part if prefix is None else prefix[2], wanted, messengers
            )

    def _messenger(
        self, value: str, wanted: str, messengers: Sequence[Channel]
    ) -> None:
        fitting = []
        for channel in messengers:
            if wanted in ("", channel.scheme, channel.name):
                fitting.append(channel)
        schemes = list(dict.fromkeys(channel.scheme for channel in fitting))
        if wanted and not fitting:
            self.faults.append(
                self.text("sheetsync.toml has no channel {name}.", name=wanted)
            )
        # A guess could tell a stranger of another service what is in the base.
        elif len(schemes) > 1:
            known = ", ".join(f"{scheme}:…" for scheme in schemes)
            self.faults.append(
                self.text(
                    "It is not clear whose address “{address}” is: write {schemes}",
                    address=value,
                    schemes=known,
                )
            )
        else:
            self.routes += [
                DeliveryRoute(channel.name, channel.filled(ADDRESS, value))
                for channel in fitting
            ]


def _parts(given: str) -> list[str]:
    return [part for part in re.split(r"[,;\s]+", given) if part]


def reach(
    person: Person, channels: Sequence[Channel], language: Language
) -> Reach:
    """Return how a person can be reached by the channels."""
    found = _Reaching(person, channels, language)
    found.by_email()
    found.by_address()
    unique = {(route.name, route.url): route for route in found.routes}
    return Reach(tuple(unique.values()), tuple(found.faults))


def operator(notify: Notify, language: Language) -> Reach:
    """Return how the operator can be reached.

    By whole addresses, or by an e-mail or a messenger's through the channels.
    """
    channels = channels_of(notify)
    given = [secret.get_secret_value() for secret in notify.operator]
    whole = list(_named([one for one in given if "://" in one]))
    routes = [
        DeliveryRoute(f"operator:{one.name}", one.template) for one in whole
    ]
    faults = list[str]()
    for one in given:
        if "://" not in one:
            person = (
                Person(email=one)
                # A name such as “@anna” is a messenger's.
                if "@" in one.lstrip("@")
                else Person(address=one)
            )
            found = reach(person, channels, language)
            routes += [
                DeliveryRoute(f"operator:{route.name}", route.url)
                for route in found.routes
            ]
            faults += found.faults
    return Reach(tuple(routes), tuple(faults))
