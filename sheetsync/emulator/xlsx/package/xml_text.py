"""XML as text: cut into elements, so that one can be replaced and others stay to the byte.

What the elements mean is left to the callers.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

# Only for what was just written here
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape, quoteattr, unescape

from openpyxl.xml import functions

_ATTRIBUTES = r"""(?:[^<>"']|"[^"]*"|'[^']*')*?"""
_TAG = re.compile(
    rf"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<(/?)([\w:.-]+)({_ATTRIBUTES})(/?)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')""")
_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']""")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ENTITIES = {"&quot;": '"', "&apos;": "'"}
_CODE = re.compile(r"&#(x[0-9A-Fa-f]+|\d+);")


class Element(NamedTuple):
    """An element of a text.

    Its name as written, its start tag, what stands in it, and its whole text.
    """

    name: str
    start: str
    inner: str
    text: str

    def get(self, name: str) -> str | None:
        """Give an attribute's value."""
        return attributes(self.start).get(name)


def decoded(data: bytes) -> str:
    """Give a part's text, whatever its encoding, with a main namespace that needs no prefix."""
    found = _DECLARED.match(data[:200].lstrip(b"\xef\xbb\xbf"))
    coding = (
        "utf-16"
        if data[:2] in (b"\xff\xfe", b"\xfe\xff")
        else found[1].decode()
        if found
        else "utf-8"
    )
    text = data.decode(
        "utf-8-sig" if coding.lower() in ("utf-8", "utf8") else coding
    )
    if coding.lower() not in ("utf-8", "utf8"):
        text = re.sub(
            r"^(<\?xml[^>]*encoding\s*=\s*)[\"'][\w.-]+[\"']",
            r'\1"UTF-8"',
            text,
            count=1,
        )
    return _unprefixed(text)


def _unprefixed(text: str) -> str:
    """Turn <x:sheet xmlns:x="..."> as some programs write into <sheet xmlns="...">."""
    root = re.search(rf"<([\w.-]+):\w+({_ATTRIBUTES})/?>", text[:4000])
    if (
        root is None
        or text[:4000].find("<" + root[1]) != _first_tag(text)
        or re.search(r"\sxmlns\s*=", root[2])
    ):
        return text
    if MAIN not in text[root.start() : root.end()]:
        return text
    name = re.escape(root[1])
    text = re.sub(rf"(</?){name}:", r"\1", text)
    return re.sub(rf"\sxmlns:{name}\s*=", " xmlns=", text, count=1)


def _first_tag(text: str) -> int:
    return next(
        (match.start() for match in _TAG.finditer(text[:4000]) if match[2]), -1
    )


def root_of(text: str) -> tuple[str, Element]:
    """Give what stands before the root element, and the root."""
    start = next(match for match in _TAG.finditer(text) if match[2])
    if start[4]:
        return text[: start.start()], Element(start[2], start[0], "", start[0])
    end = text.rindex("</" + start[2])
    return text[: start.start()], Element(
        start[2], start[0], text[start.end() : end], text[start.start() :]
    )


def children(inner: str) -> list[Element]:
    """Give the elements that stand in a text, one after another.

    Texts and comments between them are passed over.
    """
    out: list[Element] = []
    depth, begin, opening = 0, 0, ""
    for match in _TAG.finditer(inner):
        if not match[2]:
            continue
        if match[1]:
            depth -= 1
            if not depth:
                inside = inner[begin + len(opening) : match.start()]
                out.append(
                    Element(
                        match[2], opening, inside, inner[begin : match.end()]
                    )
                )
        elif match[4]:
            if not depth:
                out.append(Element(match[2], match[0], "", match[0]))
        else:
            if not depth:
                begin, opening = match.start(), match[0]
            depth += 1
    return out


def find(inner: str, name: str) -> Element | None:
    """Give the first element of that name (whatever its prefix) that stands in a text."""
    return next(
        (child for child in children(inner) if local(child.name) == name), None
    )


def xml_of(node: Any) -> str:
    """Give the XML of an element that openpyxl made.

    The standard library's, or lxml's where that is installed.
    """
    tostring: Any = functions.tostring
    return str(tostring(node, encoding="unicode"))


def is_xml(data: bytes) -> bool:
    """Whether a part of our own making is well-formed, its namespaces too."""
    parser = ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(data, True)  # noqa: FBT003  # it takes no keyword
    except ExpatError:
        return False
    return True


def local(name: str) -> str:
    """Give a name without its prefix."""
    return name.rpartition(":")[2]


def attributes(start: str) -> dict[str, str]:
    """Give the attributes of a start tag, in order."""
    return {
        name: plain(value[1:-1]) for name, value in _ATTRIBUTE.findall(start)
    }


def tag(name: str, given: dict[str, str], *, closed: bool = False) -> str:
    """Give a start tag."""
    body = "".join(f" {key}={quoteattr(value)}" for key, value in given.items())
    return f"<{name}{body}{'/' if closed else ''}>"


def element(name: str, given: dict[str, str], inner: str = "") -> str:
    """Give an element."""
    return (
        f"{tag(name, given)}{inner}</{name}>"
        if inner
        else tag(name, given, closed=True)
    )


def plain(text: str) -> str:
    """Give what an escaped text says."""
    if "&" not in text:
        return text
    return unescape(_CODE.sub(_character, text), _ENTITIES)


def _character(match: re.Match[str]) -> str:
    code = match[1]
    number = int(code[1:], 16) if code[0] == "x" else int(code)
    # The last character there is.
    return escape(chr(number)) if number < 0x110000 else ""  # noqa: PLR2004


def rebuilt(root: Element, parts: list[str]) -> str:
    """Give the root's text with these elements in it."""
    start = (
        root.start[:-2].rstrip() + ">"
        if root.start.endswith("/>")
        else root.start
    )
    return f"{start}{''.join(parts)}</{root.name}>"
