"""What is remembered of a trial of the model: the trial, and which rows would have moved.

Both stand on the state tab, so that neither a long Journal nor a night that was left out loses
them. What holds a row back is `rules/draft/trial.py`'s.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sheetsync.values import Cell
from sheetsync.workbook.last_run_state import COLUMNS, unpacked

TRIAL = "#trial"
"""The row of the state tab on which the trial is noted."""
_VALUES = COLUMNS.index("values")


class TrialRecord(NamedTuple):
    """A trial as the last run noted it.

    `begins`: its first day, as the Settings tab said it, which tells it from any other; `began`:
    the day of its first night; `until`: its last day. `ended`: the day on which the head ended it,
    None where nothing may move yet. `prolonged`: days that the head has added.
    """

    begins: date
    began: date
    until: date
    ended: date | None = None
    prolonged: int = 0

    def row(self) -> list[Cell]:
        """Return the row of the state tab that says so."""
        row: list[Cell] = [None] * len(COLUMNS)
        row[0] = TRIAL
        row[_VALUES] = json.dumps(self.data())
        return row

    def data(self) -> dict[str, Any]:
        """Return it as JSON data, days as `2026-03-02`."""
        return {
            "begins": self.begins.isoformat(),
            "began": self.began.isoformat(),
            "until": self.until.isoformat(),
            "ended": self.ended.isoformat() if self.ended else None,
            "prolonged": self.prolonged,
        }


def trial_record(data: Mapping[str, Any]) -> TrialRecord | None:
    """Read a trial back from JSON data; None where it is none."""
    try:
        ended = data["ended"]
        return TrialRecord(
            date.fromisoformat(data["begins"]),
            date.fromisoformat(data["began"]),
            date.fromisoformat(data["until"]),
            date.fromisoformat(ended) if ended else None,
            int(data["prolonged"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def noted_trial(rows: Sequence[Sequence[Cell]]) -> TrialRecord | None:
    """Return the trial that the state tab's rows tell of, None for none."""
    for row in rows:
        if len(row) > _VALUES and str(row[0]) == TRIAL:
            return trial_record(unpacked(str(row[_VALUES])))
    return None


class WouldMark(NamedTuple):
    """That a row would have moved but for a trial: column `would` of the state tab.

    `trial`: its first day; `on`: the first night on which the row would have moved; `source` and
    `target`: codes of sections; `state`: what stood in the row then; `moved`: whether it has since
    moved all the same, by its rule or by a person.
    """

    trial: date
    on: date
    source: str
    target: str
    rule: str
    state: str | None
    moved: bool = False

    def packed(self) -> str:
        """Return it as the text of a cell."""
        data = {
            "trial": self.trial.isoformat(),
            "on": self.on.isoformat(),
            "from": self.source,
            "to": self.target,
            "rule": self.rule,
            "state": self.state,
            "moved": self.moved,
        }
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def would_mark(text: object) -> WouldMark | None:
    """Read a cell of the column; None where it holds no such."""
    data = unpacked(text)
    try:
        return WouldMark(
            date.fromisoformat(data["trial"]),
            date.fromisoformat(data["on"]),
            str(data["from"]),
            str(data["to"]),
            str(data["rule"]),
            data["state"],
            data["moved"] is True,
        )
    except (KeyError, TypeError, ValueError):
        return None
