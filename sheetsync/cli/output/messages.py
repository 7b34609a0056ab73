"""How messages are shown: each as it would arrive, to whom and by what; or one documented JSON object. No address with a secret."""

from typing import Any

from rich.console import Console

from sheetsync.i18n import Language
from sheetsync.services.notify import Notified, Sending


def notified_json(found: Notified) -> dict[str, Any]:
    """Return the object of `notify --json`."""
    planned = found.planned
    return {
        "book": planned.snapshot.book.id,
        "today": planned.plan.today.isoformat(),
        "quiet": found.quiet,
        "on_leave": list(found.resting),
        "messages": [_json(one) for one in found.sendings],
        "written": found.trouble is None,
    }


def _json(one: Sending) -> dict[str, Any]:
    digest = one.digest
    return {
        "to": digest.person.name,
        "role": digest.role,
        "state": one.state,
        "channels": [route.name for route in one.reach.routes],
        "sent": list(one.by),
        "failed": [{"channel": channel, "why": why} for channel, why in one.failed],
        "problems": list(one.reach.faults),
        "title": digest.title,
        "lines": list(digest.lines),
        "link": digest.link,
        "count": digest.count,
    }


def show_notified(found: Notified, spoken: Language, out: Console, *, whole: bool) -> None:
    """Show messages to a person; `whole`: with their texts."""
    text = spoken.text
    if found.quiet:
        out.print(found.quiet, markup=False)
        return
    for name in found.resting:
        out.print(text("{name} is on leave and gets no message.", name=name), markup=False)
    for one in found.sendings:
        out.print(
            f"{_who(one, spoken)}: {_state(one, spoken)}",
            markup=False,
            style="bold" if whole else None,
        )
        if whole:
            out.print(f"{one.digest.title}\n{one.digest.body()}\n", markup=False)
    if not found.sendings:
        out.print(text("There is nothing to tell today."), markup=False)


def _who(one: Sending, spoken: Language) -> str:
    return one.digest.person.name or (
        spoken.text("head of sales") if one.digest.role == "head" else one.digest.role
    )


def _state(one: Sending, spoken: Language) -> str:
    text, ways = spoken.text, ", ".join(route.name for route in one.left)
    states = {
        "due": text("is due, by {channels}", channels=ways),
        "sent": text("sent by {channels}", channels=", ".join(one.by)),
        "failed": text("did not go out"),
        "unreachable": text("has no address"),
        "already": text("was sent today"),
        "put_off": text("left for the next try"),
    }
    return states[one.state]


def show_trouble(found: Notified, spoken: Language, err: Console) -> None:
    """Say which channels failed, whom nothing reaches, and what to do."""
    text = spoken.text
    tab = found.planned.policy.words.tabs["settings"]
    for one in found.sendings:
        for channel, why in one.failed:
            err.print(f"{_who(one, spoken)}, {channel}: {why}", markup=False)
        for fault in one.reach.faults:
            err.print(f"{_who(one, spoken)}: {fault}", markup=False)
    if any(one.failed for one in found.sendings):
        err.print(
            "→ "
            + text(
                "Look at the channel with `sheetsync doctor`, and run the command again: what went out is not sent twice."
            ),
            markup=False,
        )
    if any(one.state == "unreachable" for one in found.sendings):
        err.print(
            "→ " + text("Write their e-mail or messenger on the tab “{tab}”.", tab=tab),
            markup=False,
        )
    if found.trouble is not None:
        err.print(
            text(
                "The messages went out, but the Journal does not say so: the next `notify` would send them again."
            ),
            markup=False,
        )
        err.print(f"{found.trouble.message}\n→ {found.trouble.fix}", markup=False)
