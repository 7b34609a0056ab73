"""What was in force last, as the state tab keeps it: the settings that differ from the method's own, as one JSON text."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import BLOCK, BLOCKS, CODE, SCALARS
from sheetsync.method.settings_tab.document import Line, SettingsDocument, default, policy_of
from sheetsync.method.settings_tab.scalars import SCALAR


def kept(doc: SettingsDocument, usual: SettingsDocument) -> str:
    """Return what differs from the method's own settings; "" where nothing does."""
    scalars = {path: value for path, value in doc.scalars.items() if value != usual.scalars[path]}
    lines = {
        block: [
            {name: value for name, value in line.items() if value is not None}
            for line in doc.lines[block]
        ]
        for block in doc.lines
        if [dict(line) for line in doc.lines[block]] != [dict(line) for line in usual.lines[block]]
    }
    if not (scalars or lines):
        return ""
    return json.dumps(
        {"scalars": scalars, "lines": lines},
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )


def remembered(text: str, policy: Policy) -> SettingsDocument:
    """Return what was in force last, over a policy in its own words. What cannot be read was never kept."""
    usual = default(policy)
    try:
        data = json.loads(text) if text else {}
        scalars = {path: value for path, value in data.get("scalars", {}).items() if path in SCALAR}
        lines = {
            block: tuple(_line(line, block) for line in said)
            for block, said in data.get("lines", {}).items()
            if block in BLOCK and block != SCALARS
        }
        doc = SettingsDocument({**usual.scalars, **scalars}, {**usual.lines, **lines})
        policy_of(policy, doc)
    except (ValueError, ValidationError, TypeError, KeyError, AttributeError):
        return usual
    return doc


def _line(line: Mapping[str, Any], block: str) -> Line:
    columns = BLOCK[block].column
    more = {name: line[name] for name in (CODE, "also") if name in line}
    return {**{name: line.get(name) for name in columns}, **more}


def differing(doc: SettingsDocument, policy: Policy) -> tuple[str, ...]:
    """Name the blocks whose settings are not the method's own."""
    usual = default(policy)
    lines = [
        block.key
        for block in BLOCKS
        if block.key != SCALARS
        and [*map(dict, doc.lines[block.key])] != [*map(dict, usual.lines[block.key])]
    ]
    return (*lines, *([SCALARS] if dict(doc.scalars) != dict(usual.scalars) else []))
