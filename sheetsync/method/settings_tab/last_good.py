"""What was in force last, as the state tab keeps it: what differs from the method's own, as JSON.

So a mistake, a deleted block or a deleted tab changes nothing. Reading a tab is `read`'s.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import BLOCK, BLOCKS, CODE, SCALARS
from sheetsync.method.settings_tab.document import (
    Line,
    SettingsDocument,
    default,
    policy_of,
)
from sheetsync.method.settings_tab.scalars import SCALAR


def kept(doc: SettingsDocument, usual: SettingsDocument) -> str:
    """Return what differs from the method's own settings, as JSON; "" where nothing does."""
    scalars = {
        path: value
        for path, value in doc.scalars.items()
        if value != usual.scalars[path]
    }
    lines = {}
    for block in doc.lines:
        if not _alike(doc.lines[block], usual.lines[block]):
            lines[block] = [_stated(line) for line in doc.lines[block]]
    if not (scalars or lines):
        return ""
    difference = {"scalars": scalars, "lines": lines}
    # Always in one order, so that a night which changes no setting has nothing to write.
    return json.dumps(
        difference, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )


def _stated(line: Line) -> dict[str, Any]:
    return {name: value for name, value in line.items() if value is not None}


def _alike(lines: Sequence[Line], others: Sequence[Line]) -> bool:
    return [*map(dict, lines)] == [*map(dict, others)]


def remembered(text: str, policy: Policy) -> SettingsDocument:
    """Return what was in force last, over a policy in its own words.

    What cannot be read was never kept: then the method's own settings hold.
    """
    usual = default(policy)
    try:
        doc = _read(text, usual)
        # Built for its errors alone: settings that contradict each other were never in force.
        policy_of(policy, doc)
    # People can reach the hidden tab, so anything may stand there.
    except (ValueError, ValidationError, TypeError, KeyError, AttributeError):
        return usual
    return doc


def _read(text: str, usual: SettingsDocument) -> SettingsDocument:
    """Read what `kept` has written; whatever else stands there may raise."""
    difference = json.loads(text) if text else {}
    stated = difference.get("scalars", {})
    # Another version of the program may have kept a setting that this one does not have.
    scalars = {path: value for path, value in stated.items() if path in SCALAR}
    lines = dict(usual.lines)
    for block, block_lines in difference.get("lines", {}).items():
        if block in BLOCK and block != SCALARS:
            lines[block] = tuple(_line(line, block) for line in block_lines)
    return SettingsDocument({**usual.scalars, **scalars}, lines)


def _line(line: Mapping[str, Any], block: str) -> Line:
    # Cells without a value are not kept, and every reader of a line asks for all of them.
    cells = {name: line.get(name) for name in BLOCK[block].column}
    further = {name: line[name] for name in (CODE, "also") if name in line}
    return {**cells, **further}


def differing(doc: SettingsDocument, policy: Policy) -> tuple[str, ...]:
    """Name the blocks whose settings are not the method's own."""
    usual = default(policy)
    keys = [block.key for block in BLOCKS if block.key != SCALARS]
    blocks = [
        key for key in keys if not _alike(doc.lines[key], usual.lines[key])
    ]
    if dict(doc.scalars) != dict(usual.scalars):
        blocks.append(SCALARS)
    return tuple(blocks)
