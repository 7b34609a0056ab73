"""Which changes of the settings loosen the method: more time, larger lists, wider limits of safety.

METHOD point 8: they are the head's, and are told most of all.
"""

from collections.abc import Mapping

from sheetsync.method.settings_tab.cell_types import Plain
from sheetsync.method.settings_tab.document import Line

_UP = frozenset(
    {
        "cap.max",
        "time.unlabelled_days",
        "time.new_in_working_days",
        "time.repeat_sale_days",
        "time.hold_days",
        "time.extensions",
        "time.extension_days",
        "time.pushes",
        "time.step_horizon_days",
        "safety.max_moved_share",
        "safety.free_moved_rows",
        "safety.max_moved_rows",
        "safety.max_vanished_share",
        "safety.min_rows_for_shares",
        "trial.days",
        "new_manager_rows",
    }
)
"""Single settings of which a larger number leaves more."""
_DOWN = frozenset({"time.consent_days", "time.findings_days", "review.actions"})
"""Single settings of which a smaller number leaves more."""
_ANY = frozenset(
    {
        "head.name",
        "head.email",
        "head.address",
        "deputy.name",
        "deputy.email",
        "deputy.first",
        "deputy.last",
        "label_by",
        "trial.begins",
    }
)
"""Single settings of which any other value may give somebody rights or time."""
_TO_WORD = {"time.count": "working", "time.new_in_working": "report"}
"""Single settings of which this word leaves more."""
_LINES_UP = frozenset(
    {
        ("labels", "deadline_days"),
        ("states", "stay_days"),
        ("managers", "cap"),
        ("managers", "ramp_cap"),
    }
)
"""Columns of which a larger number, or none, leaves more."""
_LINES_ANY = frozenset(
    {
        ("managers", "ramp_until"),
        ("managers", "leave_from"),
        ("managers", "leave_to"),
        ("labels", "at_least"),
        ("states", "in_work"),
        ("states", "counts_to_cap"),
        ("states", "clocked"),
        ("states", "next"),
        ("reasons", "section"),
    }
)
"""Columns of which any other value may leave more."""
_RULES = ("on_expiry", "by_state")
_WHOLE_LINES = (*_RULES, "days")
"""Blocks of which any line that comes, goes or changes may give time."""


def loosens(path: str, before: Plain, after: Plain) -> bool:
    """Tell whether another value of a single setting loosens the method."""
    if path in _ANY:
        return True
    if path in _TO_WORD:
        return after == _TO_WORD[path]
    # Whether one number for all is longer than each label's own is not told by this cell alone.
    if path == "time.one_deadline_days":
        return _more(before, after) or before is None
    if path in _DOWN:
        return _more(after, before)
    return path in _UP and _more(before, after)


def line_loosens(block: str, column: str, before: Plain, after: Plain) -> bool:
    """Tell whether another value of a line's cell loosens the method."""
    if block in _WHOLE_LINES or (block, column) in _LINES_ANY:
        return True
    if (block, column) == ("states", "requires"):
        return not _has_all(after, before)
    return (block, column) in _LINES_UP and _more(before, after)


def coming_line_loosens(block: str, line: Line) -> bool:
    """Tell whether a line that is new, or taken away, loosens the method."""
    if block == "managers":
        return _has_time_or_room(line)
    return block in (*_WHOLE_LINES, "labels", "states", "reasons")


def _has_time_or_room(line: Mapping[str, Plain]) -> bool:
    return any(line.get(name) for name in ("cap", "ramp_cap", "leave_from"))


def _more(before: Plain, after: Plain) -> bool:
    """Tell whether a number has grown; none is no limit."""
    if not isinstance(after, int | float):
        return isinstance(before, int | float)
    return isinstance(before, int | float) and after > before


def _has_all(value: Plain, wanted: Plain) -> bool:
    names = value if isinstance(value, list) else []
    asked = wanted if isinstance(wanted, list) else []
    return all(name in names for name in asked)
