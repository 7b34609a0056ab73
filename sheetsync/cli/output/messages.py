"""How messages are shown: each as it would arrive, to whom and by what; or one JSON object.

An address with a secret is never shown: channels are called by their names.
"""

from typing import Any

from rich.console import Console

from sheetsync.i18n import Language
from sheetsync.services.notify import NotifyResult, Sending


def notified_json(result: NotifyResult) -> dict[str, Any]:
    """Return the object of `notify --json`."""
    planned = result.planned
    return {
        "book": planned.snapshot.book.id,
        "today": planned.plan.today.isoformat(),
        "quiet": result.quiet,
        "on_leave": list(result.resting),
        "messages": [_sending_json(sending) for sending in result.sendings],
        "written": result.trouble is None,
    }


def _sending_json(sending: Sending) -> dict[str, Any]:
    message = sending.message
    return {
        "to": message.person.name,
        "role": message.role,
        "state": sending.state,
        # Never the address: it may hold a token or a password.
        "channels": [route.name for route in sending.reach.routes],
        "sent": list(sending.sent_by),
        "failed": [
            {"channel": channel, "why": why} for channel, why in sending.failed
        ],
        "problems": list(sending.reach.faults),
        "title": message.title,
        "lines": list(message.lines),
        "link": message.link,
        "count": message.count,
    }


def show_notified(
    result: NotifyResult, language: Language, out: Console, *, whole: bool
) -> None:
    """Show messages to a person; `whole`: with their texts."""
    text = language.text
    if result.quiet:
        out.print(result.quiet, markup=False)
        return
    # Names may have square brackets in them, which markup would take for colours.
    for name in result.resting:
        out.print(
            text("{name} is on leave and gets no message.", name=name),
            markup=False,
        )
    style = "bold" if whole else None
    for sending in result.sendings:
        line = f"{_who(sending, language)}: {_state(sending, language)}"
        out.print(line, markup=False, style=style)
        if whole:
            out.print(
                f"{sending.message.title}\n{sending.message.body()}\n",
                markup=False,
            )
    if not result.sendings:
        out.print(text("There is nothing to tell today."), markup=False)


def _who(sending: Sending, language: Language) -> str:
    message = sending.message
    if message.person.name:
        return message.person.name
    if message.role == "head":
        return language.text("head of sales")
    if message.role == "deputy":
        return language.text("deputy of the head of sales")
    return message.role


def _state(sending: Sending, language: Language) -> str:
    text = language.text
    channels = ", ".join(route.name for route in sending.routes_left)
    states = {
        "due": text("is due, by {channels}", channels=channels),
        "sent": text("sent by {channels}", channels=", ".join(sending.sent_by)),
        "failed": text("did not go out"),
        "unreachable": text("has no address"),
        "already": text("was sent today"),
        "put_off": text("left for the next try"),
    }
    return states[sending.state]


def show_trouble(
    result: NotifyResult, language: Language, err: Console
) -> None:
    """Say which channels failed, whom nothing reaches, and what to do."""
    for sending in result.sendings:
        who = _who(sending, language)
        for channel, why in sending.failed:
            err.print(f"{who}, {channel}: {why}", markup=False)
        for fault in sending.reach.faults:
            err.print(f"{who}: {fault}", markup=False)
    for sentence in _what_to_do(result, language):
        err.print(f"→ {sentence}", markup=False)
    if result.trouble is not None:
        # A message is sent first and written afterwards, so that a crash doubles it and loses none.
        not_written = language.text(
            "The messages went out, but the Journal does not say so: "
            "the next `notify` would send them again."
        )
        err.print(not_written, markup=False)
        err.print(
            f"{result.trouble.message}\n→ {result.trouble.fix}", markup=False
        )


def _what_to_do(result: NotifyResult, language: Language) -> list[str]:
    text = language.text
    sentences = []
    if any(sending.failed for sending in result.sendings):
        sentences.append(
            text(
                "Look at the channel with `sheetsync doctor`, and run the command again: "
                "what went out is not sent twice."
            )
        )
    if any(sending.state == "unreachable" for sending in result.sendings):
        tab = result.planned.policy.words.tabs["settings"]
        sentences.append(
            text("Write their e-mail or messenger on the tab “{tab}”.", tab=tab)
        )
    return sentences
