"""What settings must be to each other: each contradiction is told beside one cell, and undone there."""

from collections.abc import Iterator

from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import RULES
from sheetsync.method.settings_tab.document import SettingsDocument
from sheetsync.method.settings_tab.draft import SettingsDraft, SettingsEntry
from sheetsync.method.terms import SPECIAL
from sheetsync.values import fold

ALWAYS = {"reasons": ("out_of_time",)}
"""Entries that the program itself writes."""


def check(draft: SettingsDraft, usual: SettingsDocument, policy: Policy) -> None:
    """Find what does not agree, and take the last good value of one of the cells."""
    _caps(draft)
    _returns(draft, policy)
    _thresholds(draft)
    _clocks(draft)
    _destinations(draft)
    _kept(draft, usual)
    _people(draft)
    _twice(draft, "days", ("day",))
    _twice(draft, "plan", ("month", "manager"))


def _caps(draft: SettingsDraft) -> None:
    text, good = draft.speech.language.text, draft.good.scalars
    why = text("The least must not be above the most.")
    for path in sorted(("cap.min", "cap.max"), key=lambda path: draft.scalars[path] == good[path]):
        if _number(draft.scalars["cap.min"]) > _number(draft.scalars["cap.max"]):
            draft.revert_scalar(path, why)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _returns(draft: SettingsDraft, policy: Policy) -> None:
    text, archives = (
        draft.speech.language.text,
        {section.code for section in policy.sections if section.archive},
    )
    for entry in draft.counting("sections"):
        days = entry.values.get("return_days")
        if entry.code in archives and days is None:
            draft.revert(
                "sections",
                entry,
                "return_days",
                text("An archive says when its companies are called again."),
            )
        elif entry.code not in archives and days is not None:
            draft.revert(
                "sections",
                entry,
                "return_days",
                text("Only archives say when their companies are called again."),
            )


def _thresholds(draft: SettingsDraft) -> None:
    """Amounts fall from each label to the next one below it."""
    text, above = draft.speech.language.text, list[tuple[str, float]]()
    for entry in draft.counting("labels"):
        said, before = entry.values.get("at_least"), (entry.before or {}).get("at_least")
        tried = [_number(value) for value in (said, before) if value is not None]
        fits = next((amount for amount in tried if not above or amount < above[-1][1]), None)
        if said is not None and fits != said:
            why = text(
                "“{label}” stands below “{larger}”, so its amount must be smaller.",
                label=entry.name,
                larger=above[-1][0],
            )
            entry.before = {**(entry.before or {}), "at_least": fits}
            draft.revert("labels", entry, "at_least", why)
        if said is not None and fits is not None:
            above.append((entry.name, fits))


def _clocks(draft: SettingsDraft) -> None:
    text = draft.speech.language.text
    for entry in draft.counting("states"):
        if entry.values.get("clocked") and not entry.values.get("in_work"):
            why = text("Time runs only in a state that is in work.")
            entry.before = {**(entry.before or {}), "clocked": False}
            draft.revert("states", entry, "clocked", why)


def _destinations(draft: SettingsDraft) -> None:
    """See that a rule knows where to, and says nothing that would have no effect."""
    text = draft.speech.language.text
    for kind in RULES:
        for entry in draft.counting(kind):
            to, values = entry.values.get("to"), entry.values
            needs = {"reason": "has_reason", "chosen": "chosen"}.get(str(to))
            why = ""
            if needs and values.get(needs) is False:
                why = text("Without it nobody can tell where to.")
            elif kind == "on_expiry" and to in ("working", "stay"):
                why = text(
                    "Whose time is up leaves the working list: choose another section, or a person's decision."
                )
            if why:
                _undone(draft, kind, entry, "to", why)
            elif needs:
                values[needs] = True
            if to in ("stay", "person"):
                for column in ("set_state", "set_reason"):
                    if values.get(column) is not None:
                        draft.revert(
                            kind,
                            entry,
                            column,
                            text("A company that is not moved is given nothing."),
                        )


def _undone(draft: SettingsDraft, kind: str, entry: SettingsEntry, column: str, why: str) -> None:
    """Put a whole rule back as it was last good, or leave it out: a part of it alone might say something else."""
    if entry.before is None:
        entry.counts = False
    else:
        entry.values.update(entry.before)
    draft.revert(kind, entry, column, why)


def _kept(draft: SettingsDraft, usual: SettingsDocument) -> None:
    """Keep entries whose line is gone and without which something would not work; say so below the block."""
    text = draft.speech.language.text
    for kind in ("sections", "states", "reasons", "labels"):
        there = {entry.code for entry in draft.entries[kind] if entry.counts}
        own = (
            {str(line["code"]) for line in usual.lines[kind]}
            if kind in ("sections", "states")
            else {*ALWAYS.get(kind, ())}
        )
        known = {str(line["code"]): line for doc in (usual, draft.good) for line in doc.lines[kind]}
        for code, line in known.items():
            if code in there or not (code in own or code in {*_named(draft, kind)}):
                continue
            draft.entries[kind].append(SettingsEntry(None, dict(line), line))
            if code in own:
                why = text(
                    "“{name}” belongs to the method and stays in force: put its line back.",
                    name=line["name"],
                )
            else:
                why = text(
                    "“{name}” is still named in other settings and stays in force: take it away there too.",
                    name=line["name"],
                )
            draft.wrong(kind, None, "", why)


def _named(draft: SettingsDraft, kind: str) -> Iterator[str]:
    """Name the entries of a dictionary that other settings speak of."""
    columns = {
        "sections": ("section", "to"),
        "states": ("state", "reached", "set_state"),
        "labels": ("label",),
        "reasons": ("set_reason",),
    }[kind]
    for rules in RULES:
        for entry in draft.counting(rules):
            for column in columns:
                yield from _listed(entry.values.get(column))
    for entry in draft.counting(
        "states" if kind == "states" else "reasons" if kind == "sections" else ""
    ):
        yield from _listed(entry.values.get("next" if kind == "states" else "section"))


def _listed(value: object) -> Iterator[str]:
    for code in value if isinstance(value, list) else [value]:
        if isinstance(code, str) and code not in SPECIAL:
            yield code


def _people(draft: SettingsDraft) -> None:
    """See that a manager's further lines only add leaves, that a leave has two ends, and nobody is their own substitute."""
    text, seen = draft.speech.language.text, dict[str, SettingsEntry]()
    for entry in draft.counting("managers"):
        values = entry.values
        first = seen.setdefault(fold(entry.name), entry)
        if first is not entry:
            _further(draft, entry, first)
        begins, ends = values.get("leave_from"), values.get("leave_to")
        if bool(begins) != bool(ends):
            column = "leave_to" if begins else "leave_from"
            _no_leave(draft, entry, column, text("A leave has a first and a last day."))
        elif str(begins or "") > str(ends or ""):
            _no_leave(draft, entry, "leave_to", text("The leave ends before it begins."))
        if values.get("ramp_until") and values.get("ramp_cap") is None:
            draft.revert("managers", entry, "ramp_cap", text("Say how many companies until then."))
            if values.get("ramp_cap") is None:
                values["ramp_until"] = None
        if values.get("substitute") and fold(str(values["substitute"])) == fold(entry.name):
            if entry.before and fold(str(entry.before.get("substitute") or "")) == fold(entry.name):
                entry.before = {**entry.before, "substitute": None}
            draft.revert("managers", entry, "substitute", text("Nobody is their own substitute."))


def _no_leave(draft: SettingsDraft, entry: SettingsEntry, column: str, why: str) -> None:
    before = entry.before or {}
    values = {name: before.get(name) for name in ("leave_from", "leave_to")}
    sound = bool(values["leave_from"]) == bool(values["leave_to"]) and str(
        values["leave_from"] or ""
    ) <= str(values["leave_to"] or "")
    entry.before = {**before, **(values if sound else dict.fromkeys(values))}
    draft.revert("managers", entry, column, why)
    entry.values |= {name: entry.before.get(name) for name in values}


def _further(draft: SettingsDraft, entry: SettingsEntry, first: SettingsEntry) -> None:
    text = draft.speech.language.text
    for column in ("email", "address", "cap", "ramp_cap", "ramp_until", "substitute"):
        said = entry.values.get(column)
        if said is not None and said != first.values.get(column):
            entry.before = {**(entry.before or {}), column: None}
            draft.revert(
                "managers",
                entry,
                column,
                text("This manager's first line says something else, and counts."),
            )
        entry.values[column] = None


def _twice(draft: SettingsDraft, kind: str, keys: tuple[str, ...]) -> None:
    """Of two lines that speak of the same, the first counts."""
    text, seen = draft.speech.language.text, set[tuple[str, ...]]()
    for entry in draft.counting(kind):
        key = tuple(str(entry.values.get(name) or "") for name in keys)
        if key in seen:
            entry.counts = False
            draft.wrong(
                kind, entry.row, keys[0], text("This stands there twice: the first line counts.")
            )
        seen.add(key)
