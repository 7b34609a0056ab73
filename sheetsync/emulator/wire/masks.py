"""Field masks: "a,b(c,d/e)" read into a tree, checked against a schema, and applied.

A tree is {name: tree}; an empty tree means everything below. Which call takes which mask is left to
the calls.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from sheetsync.emulator.errors import bad, violations
from sheetsync.emulator.wire.schema import camel, resolve

Tree = dict[str, Any]
EVERYTHING: Tree = {}
_MAX_DEPTH = 40


def _unreadable(text: str) -> Exception:
    return violations(
        [
            (
                text[:200],
                f"Error expanding 'fields' parameter. Cannot parse '{text[:200]}'.",
            )
        ]
    )


class _Reader:
    """A cursor over the mask's tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = re.findall(r"[A-Za-z0-9_*$]+|[(),./]|\S", text)
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def group(self, depth: int, into: Tree) -> None:
        """Comma-separated paths, up to ")" or the end."""
        if depth > _MAX_DEPTH:
            raise _unreadable(self.text)
        while True:
            self.path(depth, into)
            if self.peek() != ",":
                return
            self.take()

    def path(self, depth: int, into: Tree) -> None:
        """One path; `into` gets it merged in."""
        names = [self.name()]
        while self.peek() in ("/", "."):
            self.take()
            names.append(self.name())
        below: Tree | None = None
        if self.peek() == "(":
            self.take()
            below = {}
            self.group(depth + 1, below)
            if self.take() != ")":
                raise _unreadable(self.text)
        _put(into, names, below)

    def name(self) -> str:
        token = self.take()
        if not re.fullmatch(r"[A-Za-z0-9_*$]+", token):
            raise _unreadable(self.text)
        return camel(token)


def _put(tree: Tree, names: list[str], below: Tree | None) -> None:
    """Merge a path; a shorter path (all below it) swallows longer ones."""
    for i, name in enumerate(names):
        last = i == len(names) - 1
        known = name in tree
        if known and not tree[name]:
            return
        if last and below is None:
            tree[name] = {}
            return
        tree = tree.setdefault(name, {"": {}})
        tree.pop("", None)
    for name, child in (below or {}).items():
        if child:
            for deeper, rest in child.items():
                _put(tree, [name, deeper], rest or None)
        else:
            _put(tree, [name], None)


def parse(text: str) -> Tree:
    """Give the tree of a mask; "*" alone (and "") is EVERYTHING.

    ApiError 400 when it cannot be read.
    """
    reader = _Reader(text)
    tree: Tree = {}
    if not reader.tokens:
        return EVERYTHING
    reader.group(0, tree)
    if reader.at != len(reader.tokens):
        raise _unreadable(text)
    return _starless(tree)


def _starless(tree: Tree) -> Tree:
    if "*" in tree:
        return {}
    return {name: _starless(child) for name, child in tree.items()}


def unknown(tree: Tree, node: dict[str, Any], path: str = "") -> str | None:
    """Give the first path of `tree` that the schema node does not have, or None."""
    node = resolve(node)
    while node.get("type") == "array":
        node = resolve(node["items"])
    if "additionalProperties" in node or node.get("type") == "any":
        return None
    fields = node.get("properties", {})
    for name, child in tree.items():
        here = f"{path}.{name}" if path else name
        if name not in fields:
            return here
        deeper = unknown(child, fields[name], here)
        if deeper:
            return deeper
    return None


def of_response(text: str | None, name: str) -> Tree | None:
    """Give the mask of a response of type `name`; None where there is no mask."""
    if not text:
        return None
    tree = parse(text)
    wrong = unknown(tree, {"$ref": name})
    if wrong:
        text = (
            "Error expanding 'fields' parameter. "
            f"Cannot find matching fields for path '{wrong}'."
        )
        error = violations([(wrong, text)])
        error.message = "Request contains an invalid argument."
        raise error
    return tree


@lru_cache(maxsize=1000)
def of_edit(text: str | None, name: str) -> Tree:
    """Give the mask of an edit of a `name`, never to be changed; Google insists on one."""
    if not text:
        raise bad(
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
        )
    tree = parse(text)
    wrong = unknown(tree, {"$ref": name})
    if wrong:
        raise bad(f"Invalid field: {wrong}")
    return tree


def covers(tree: Tree | None, *names: str) -> bool:
    """Whether the mask asks for (some of) the field at this path."""
    for name in names:
        if not tree:
            return True
        if name not in tree:
            return False
        tree = tree[name]
    return True


def below(tree: Tree | None, *names: str) -> Tree:
    """Give the part of the mask under a path; EVERYTHING where the mask ends above it."""
    for name in names:
        if not tree:
            return EVERYTHING
        tree = tree.get(name, EVERYTHING)
    return tree or EVERYTHING


def project(value: Any, tree: Tree | None) -> Any:
    """`value` reduced to what the mask asks for."""
    if not tree or not value:
        return value
    if isinstance(value, list):
        return [project(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: project(item, tree[name])
        for name, item in value.items()
        if name in tree
    }


def merge(
    old: dict[str, Any], new: dict[str, Any], tree: Tree
) -> dict[str, Any]:
    """`old` with the masked fields taken from `new`; a masked field that `new` lacks is cleared."""
    if not tree:
        return dict(new)
    out = dict(old)
    for name, child in tree.items():
        if name not in new:
            _clear(out, name, child)
        elif child and isinstance(new[name], dict):
            inner = out.get(name)
            out[name] = merge(
                inner if isinstance(inner, dict) else {}, new[name], child
            )
        else:
            out[name] = new[name]
    return out


def _clear(out: dict[str, Any], name: str, child: Tree) -> None:
    if not child:
        out.pop(name, None)
    elif isinstance(out.get(name), dict):
        out[name] = merge(out[name], {}, child)
        if not out[name]:
            out.pop(name)
