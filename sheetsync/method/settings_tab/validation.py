"""What settings must be to each other: a contradiction is told beside one cell, and undone there.

What a single cell may hold is its kind's (`cell_types`).
"""

from collections.abc import Iterator

from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import RULES
from sheetsync.method.settings_tab.cell_types import Plain
from sheetsync.method.settings_tab.document import SettingsDocument
from sheetsync.method.settings_tab.draft import SettingsDraft, SettingsEntry
from sheetsync.method.terms import SPECIAL
from sheetsync.values import fold

ALWAYS = {"reasons": ("out_of_time", "not_given")}
"""Entries that the program itself writes."""
NEEDED_BY = {"reason": "has_reason", "chosen": "chosen"}
"""The condition without which a special destination of a rule knows no section."""
LEAVE = ("leave_from", "leave_to")


def check(
    draft: SettingsDraft, usual: SettingsDocument, policy: Policy
) -> None:
    """Find what does not agree, and take the last good value of one of the cells."""
    _check_caps(draft)
    _check_returns(draft, policy)
    _check_thresholds(draft)
    _check_clocks(draft)
    _check_rules(draft)
    # After the rules, some of which are put back: what they then name has to stay.
    _keep_what_is_needed(draft, usual)
    _check_people(draft)
    _check_twice(draft, "days", ("day",))
    _check_twice(draft, "plan", ("month", "manager"))


def _check_caps(draft: SettingsDraft) -> None:
    text = draft.vocabulary.language.text
    why = text("The least must not be above the most.")
    good = draft.good.scalars
    # The cell that was changed gives way before the one that stands as it was.
    changed_first = sorted(
        ("cap.min", "cap.max"),
        key=lambda path: draft.scalars[path] == good[path],
    )
    for path in changed_first:
        if _number(draft.scalars["cap.min"]) > _number(
            draft.scalars["cap.max"]
        ):
            draft.revert_scalar(path, why)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _check_returns(draft: SettingsDraft, policy: Policy) -> None:
    text = draft.vocabulary.language.text
    archives = {section.code for section in policy.sections if section.archive}
    for entry in draft.counting("sections"):
        days = entry.values.get("return_days")
        if entry.code in archives and days is None:
            why = text("An archive says when its companies are called again.")
            draft.revert("sections", entry, "return_days", why)
        elif entry.code not in archives and days is not None:
            why = text(
                "Only archives say when their companies are called again."
            )
            draft.revert("sections", entry, "return_days", why)


def _check_thresholds(draft: SettingsDraft) -> None:
    """Amounts fall from each label to the next one below it."""
    text = draft.vocabulary.language.text
    larger = ""
    limit: float | None = None
    for entry in draft.counting("labels"):
        before = _before(entry)
        amount = entry.values.get("at_least")
        if amount is None:
            continue
        # The last good amount may not fit either, if the line above has got a smaller one.
        fitting = _first_below(limit, (amount, before.get("at_least")))
        if fitting != amount:
            why = text(
                "“{label}” stands below “{larger}”, so its amount must be smaller.",
                label=entry.name,
                larger=larger,
            )
            entry.before = {**before, "at_least": fitting}
            draft.revert("labels", entry, "at_least", why)
        if fitting is not None:
            larger = entry.name
            limit = fitting


def _before(entry: SettingsEntry) -> dict[str, Plain]:
    return dict(entry.before or {})


def _first_below(
    limit: float | None, amounts: tuple[Plain, ...]
) -> float | None:
    for amount in amounts:
        if amount is not None and (limit is None or _number(amount) < limit):
            return _number(amount)
    return None


def _check_clocks(draft: SettingsDraft) -> None:
    text = draft.vocabulary.language.text
    for entry in draft.counting("states"):
        if entry.values.get("clocked") and not entry.values.get("in_work"):
            why = text("Time runs only in a state that is in work.")
            # The last good value may be the same yes, where it was “in work” that was changed.
            entry.before = {**_before(entry), "clocked": False}
            draft.revert("states", entry, "clocked", why)


def _check_rules(draft: SettingsDraft) -> None:
    """See that a rule knows where to, and says nothing that would have no effect."""
    for kind in RULES:
        for entry in draft.counting(kind):
            _check_destination(draft, kind, entry)


def _check_destination(
    draft: SettingsDraft, kind: str, entry: SettingsEntry
) -> None:
    text = draft.vocabulary.language.text
    destination = entry.values.get("to")
    condition = NEEDED_BY.get(str(destination))
    if condition and entry.values.get(condition) is False:
        why = text("Without it nobody can tell where to.")
        _undo_rule(draft, kind, entry, "to", why)
    elif kind == "on_expiry" and destination in (SectionCode.WORKING, "stay"):
        why = text(
            "Whose time is up leaves the working list: choose another section, or a person's "
            "decision."
        )
        _undo_rule(draft, kind, entry, "to", why)
    elif condition:
        # Left empty, it would let the rule catch rows that have no such section.
        entry.values[condition] = True
    if destination not in ("stay", "person"):
        return
    for column in ("set_state", "set_reason"):
        if entry.values.get(column) is not None:
            why = text("A company that is not moved is given nothing.")
            draft.revert(kind, entry, column, why)


def _undo_rule(
    draft: SettingsDraft, kind: str, entry: SettingsEntry, column: str, why: str
) -> None:
    """Put a whole rule back as it was last good, or leave it out."""
    # One cell of the old rule among those of the new might say what nobody has meant.
    if entry.before is None:
        entry.counts = False
    else:
        entry.values.update(entry.before)
    draft.revert(kind, entry, column, why)


def _keep_what_is_needed(draft: SettingsDraft, usual: SettingsDocument) -> None:
    """Keep entries whose line is gone and without which something would not work; say so."""
    # Nothing names a category, so one that is taken away may go.
    for kind in ("sections", "states", "reasons", "labels"):
        there = {entry.code for entry in draft.counting(kind)}
        methods_own = _methods_own(kind, usual)
        documents = (usual, draft.good)
        known = {
            str(line["code"]): line
            for document in documents
            for line in document.lines[kind]
        }
        for code, line in known.items():
            needed = code in methods_own or code in {
                *_named_elsewhere(draft, kind)
            }
            if code in there or not needed:
                continue
            draft.entries[kind].append(SettingsEntry(None, dict(line), line))
            why = _why_kept(
                draft, str(line["name"]), methods_own=code in methods_own
            )
            draft.wrong(kind, None, "", why)


def _methods_own(kind: str, usual: SettingsDocument) -> set[str]:
    """Return the entries of a dictionary that the method cannot be without."""
    # Rules in code speak of these by their codes.
    if kind in ("sections", "states"):
        return {str(line["code"]) for line in usual.lines[kind]}
    return {*ALWAYS.get(kind, ())}


def _why_kept(draft: SettingsDraft, name: str, *, methods_own: bool) -> str:
    text = draft.vocabulary.language.text
    if methods_own:
        return text(
            "“{name}” belongs to the method and stays in force: put its line back.",
            name=name,
        )
    return text(
        "“{name}” is still named in other settings and stays in force: take it away there too.",
        name=name,
    )


def _named_elsewhere(draft: SettingsDraft, kind: str) -> Iterator[str]:
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
                yield from _codes_in(entry.values.get(column))
    if kind == "states":
        for entry in draft.counting("states"):
            yield from _codes_in(entry.values.get("next"))
    elif kind == "sections":
        for entry in draft.counting("reasons"):
            yield from _codes_in(entry.values.get("section"))


def _codes_in(value: object) -> Iterator[str]:
    for code in value if isinstance(value, list) else [value]:
        if isinstance(code, str) and code not in SPECIAL:
            yield code


def _check_people(draft: SettingsDraft) -> None:
    """See that further lines only add leaves, that leaves have two ends, and so on."""
    first_lines: dict[str, SettingsEntry] = {}
    for entry in draft.counting("managers"):
        first = first_lines.setdefault(fold(entry.name), entry)
        if first is not entry:
            _tell_of_second_line(draft, entry, first)
            _only_add_a_leave(draft, entry, first)
        _check_leave(draft, entry)
        _check_ramp(draft, entry)
        _check_substitute(draft, entry)


def _tell_of_second_line(
    draft: SettingsDraft, entry: SettingsEntry, first: SettingsEntry
) -> None:
    """Say of a further line of a name that it may be another person, or adds nothing."""
    text = draft.vocabulary.language.text
    email = entry.values.get("email")
    if email is not None and email != first.values.get("email"):
        why = text(
            "Do two people bear this name? Give each one of their own, here and in the rows: "
            "now both are one manager."
        )
        draft.wrong("managers", entry.row, "name", why)
    elif not any(entry.values.get(name) for name in LEAVE):
        why = text(
            "This manager stands above already; a second line is for a second leave."
        )
        draft.wrong("managers", entry.row, "name", why)


def _only_add_a_leave(
    draft: SettingsDraft, entry: SettingsEntry, first: SettingsEntry
) -> None:
    """Take from a manager's further line what only the first may say."""
    text = draft.vocabulary.language.text
    for column in (
        "email",
        "address",
        "cap",
        "ramp_cap",
        "ramp_until",
        "substitute",
    ):
        value = entry.values.get(column)
        # A line that was copied says the same again, which contradicts nothing.
        if value is not None and value != first.values.get(column):
            entry.before = {**_before(entry), column: None}
            why = text(
                "This manager's first line says something else, and counts."
            )
            draft.revert("managers", entry, column, why)
        entry.values[column] = None


def _check_leave(draft: SettingsDraft, entry: SettingsEntry) -> None:
    text = draft.vocabulary.language.text
    begins, ends = (entry.values.get(name) for name in LEAVE)
    if bool(begins) != bool(ends):
        missing = "leave_to" if begins else "leave_from"
        _undo_leave(
            draft, entry, missing, text("A leave has a first and a last day.")
        )
    elif str(begins or "") > str(ends or ""):
        _undo_leave(
            draft, entry, "leave_to", text("The leave ends before it begins.")
        )


def _undo_leave(
    draft: SettingsDraft, entry: SettingsEntry, column: str, why: str
) -> None:
    """Take the last good leave as a whole, or none where that was none."""
    before = _before(entry)
    first, last = (before.get(name) for name in LEAVE)
    # An old end with a new beginning would be a leave that nobody takes.
    sound = bool(first) == bool(last) and str(first or "") <= str(last or "")
    leave: dict[str, Plain] = {
        name: before.get(name) if sound else None for name in LEAVE
    }
    entry.before = {**before, **leave}
    draft.revert("managers", entry, column, why)
    entry.values |= leave


def _check_ramp(draft: SettingsDraft, entry: SettingsEntry) -> None:
    text = draft.vocabulary.language.text
    if (
        not entry.values.get("ramp_until")
        or entry.values.get("ramp_cap") is not None
    ):
        return
    draft.revert(
        "managers",
        entry,
        "ramp_cap",
        text("Say how many companies until then."),
    )
    if entry.values.get("ramp_cap") is None:
        entry.values["ramp_until"] = None


def _check_substitute(draft: SettingsDraft, entry: SettingsEntry) -> None:
    text = draft.vocabulary.language.text
    if not _is_own_substitute(entry.values.get("substitute"), entry):
        return
    before = _before(entry)
    if _is_own_substitute(before.get("substitute"), entry):
        entry.before = {**before, "substitute": None}
    draft.revert(
        "managers", entry, "substitute", text("Nobody is their own substitute.")
    )


def _is_own_substitute(name: Plain, entry: SettingsEntry) -> bool:
    return bool(name) and fold(str(name)) == fold(entry.name)


def _check_twice(
    draft: SettingsDraft, kind: str, keys: tuple[str, ...]
) -> None:
    """Of two lines that speak of the same, the first counts."""
    text = draft.vocabulary.language.text
    before: set[tuple[str, ...]] = set()
    for entry in draft.counting(kind):
        key = tuple(str(entry.values.get(name) or "") for name in keys)
        if key in before:
            entry.counts = False
            why = text("This stands there twice: the first line counts.")
            draft.wrong(kind, entry.row, keys[0], why)
        before.add(key)
