"""Conditional formats of a tab in a save.

A rule that only moved keeps all that the file says of it.

Which rules there are is left to openpyxl's writing of them; Excel's extensions of a rule are tied
to it by an id.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sheetsync.emulator.xlsx.package.xml_text import (
    attributes,
    children,
    element,
    local,
    tag,
)

_FORMULA = re.compile(r"(<(?:\w+:)?formula>)([^<]*)(</(?:\w+:)?formula>)")
_PRIORITY = re.compile(r'\bpriority="[^"]*"')
_ID = re.compile(r"<(?:\w+:)?id>([^<]*)</(?:\w+:)?id>")
_GROUP = re.compile(
    r"<(\w+:)?conditionalFormatting\b.*?</(\w+:)?conditionalFormatting>",
    re.DOTALL,
)


class _Rule(NamedTuple):
    """One rule: its cells, its place in the order, its text."""

    cells: str
    priority: int
    text: str

    @property
    def kind(self) -> str:
        return attributes(children(self.text)[0].start).get("type", "")

    @property
    def body(self) -> str:
        """What it says, wherever it stands."""
        return _PRIORITY.sub("", self.text)

    @property
    def shape(self) -> str:
        """What it says but for its formulas."""
        return _FORMULA.sub(r"\1\3", self.body)


def _rules(text: str) -> list[_Rule]:
    out = []
    for group in children(text):
        cells = group.get("sqref") or ""
        for rule in children(group.inner):
            if local(rule.name) == "cfRule":
                number = rule.get("priority") or "0"
                out.append(
                    _Rule(
                        cells,
                        int(number) if number.lstrip("-").isdigit() else 0,
                        rule.text,
                    )
                )
    return sorted(out, key=lambda rule: rule.priority)


def merged(file: str, saved: str, new: str) -> tuple[str, list[str]]:
    """Give the rules as they are to stand in the file, and ids of extensions that no rule has.

    `file` is what stands there, `saved` and `new` are openpyxl's words for the last state and this.
    """
    there, before = _rules(file), _rules(saved)
    paired = len(there) == len(before) and all(
        a.kind == b.kind for a, b in zip(there, before, strict=True)
    )
    left = list(zip(there, before, strict=True)) if paired else []
    lines = []
    for rule in _rules(new):
        pair = _found(rule, left)
        text = rule.text
        if pair is not None:
            left.remove(pair)
            text = _moved(pair[0], rule)
        lines.append(
            element("conditionalFormatting", {"sqref": rule.cells}, text)
        )
    gone = [found for old, _ in left for found in _ID.findall(old.text)]
    return "".join(lines), gone


def _found(
    rule: _Rule, left: list[tuple[_Rule, _Rule]]
) -> tuple[_Rule, _Rule] | None:
    for wanted in (
        [
            p
            for p in left
            if p[1].body == rule.body and p[1].cells == rule.cells
        ],
        [p for p in left if p[1].body == rule.body],
        [p for p in left if p[1].shape == rule.shape],
    ):
        if wanted:
            return wanted[0]
    return None


def _moved(old: _Rule, new: _Rule) -> str:
    formulas = [found[2] for found in _FORMULA.finditer(new.text)]
    count = len(_FORMULA.findall(old.text))
    text = old.text
    if count == len(formulas):
        left = iter(formulas)
        text = _FORMULA.sub(lambda m: m[1] + next(left) + m[3], text)
    rule = children(text)[0]
    given = {**attributes(rule.start), "priority": str(new.priority)}
    return tag(rule.name, given) + rule.inner + f"</{rule.name}>"


def without_extensions(text: str, ids: list[str]) -> str:
    """Give a tab's extensions without those of rules that are gone."""
    if not ids:
        return text
    return _GROUP.sub(
        lambda m: "" if any(f'"{number}"' in m[0] for number in ids) else m[0],
        text,
    )
