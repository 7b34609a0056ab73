"""Formulas that read all clients of a tab which is split up: aimed at all tabs where they go.

Pure: a formula's text, the rows of the clients before, their tabs after; the formula that means the
same, or why there is none. Taking a formula apart is openpyxl's. Which functions may be carried
over, and why the others may not: docs/adr/0016.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError

from sheetsync.sheets.batch.client_ranges import (
    ClientBlock,
    TitledSpan,
    rows_below,
    titled_span,
)
from sheetsync.sheets.batch.references import (
    plain_title,
    side_by_side,
    titled_cells,
)

LONGEST = 8_000
"""Characters of a formula: Excel takes 8,192."""


class Unclear(StrEnum):
    """Why a formula cannot be carried over with certainty."""

    PART = "part"
    FUNCTION = "function"
    BLANKS = "blanks"
    COLUMNS = "columns"
    TEXT = "text"
    OTHERS = "others"
    LONG = "long"
    CIRCLE = "circle"
    UNREADABLE = "unreadable"
    ONE_RANGE = "one_range"


class Target(NamedTuple):
    """A tab that clients go to: its title, the 0-based row of its first client.

    `columns`: where each column of the old tab stands in it (0-based).
    """

    title: str
    first: int
    columns: Mapping[int, int]


@dataclass(frozen=True)
class Split:
    """A tab that is split up: its clients, and the tabs where they go.

    `names`: named ranges, by name in small letters, as references; `others`: whether those tabs
    hold clients of other tabs too.
    """

    block: ClientBlock
    targets: tuple[Target, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    others: bool = False


class FormulaCell(NamedTuple):
    """Where a formula stands: the title of its tab, its 0-based row and column."""

    title: str
    row: int
    column: int


class SplitFormula(NamedTuple):
    """A formula as it must read once the tab is split up; or why it cannot be said."""

    formula: str
    unclear: Unclear | None = None


def widened(formula: str, cell: FormulaCell, split: Split) -> SplitFormula:
    """Aim a formula (with its leading `=`) at all tabs where the clients go.

    It comes back as it was where it reads nothing of the tab that is split up.
    """
    try:
        nodes = _parsed(formula)
    except (TokenizerError, IndexError):
        return SplitFormula(formula, _of_unreadable(formula, split))
    widening = _Widening(cell, split)
    try:
        there = widening.targets_read(nodes)
        # Once it reads all of them it has been carried over before.
        if there == len(split.targets):
            return SplitFormula(formula)
        text = "=" + widening.formula(nodes)
    except _NotCertainError as stop:
        return SplitFormula(formula, stop.why)
    if text != formula and there:
        return SplitFormula(formula, Unclear.OTHERS)
    if text != formula and len(text) > LONGEST:
        return SplitFormula(formula, Unclear.LONG)
    return SplitFormula(text)


def _of_unreadable(formula: str, split: Split) -> Unclear | None:
    named = split.block.title.casefold() in formula.casefold()
    return Unclear.UNREADABLE if named else None


class _NotCertainError(Exception):
    """Says why a formula cannot be carried over; never leaves this module."""

    def __init__(self, why: Unclear) -> None:
        self.why = why
        super().__init__(why)


class _Leaf(NamedTuple):
    """A token that holds no others. `kind`: openpyxl's type and subtype."""

    text: str
    kind: tuple[str, str]

    @property
    def is_reference(self) -> bool:
        return self.kind == (Token.OPERAND, Token.RANGE)

    @property
    def is_operand(self) -> bool:
        return self.kind[0] == Token.OPERAND

    @property
    def is_space(self) -> bool:
        return self.kind[0] == Token.WSPACE


class _Call(NamedTuple):
    """Something between brackets: a function's arguments, a group, an array.

    `separators` stand between the arguments, one less than these.
    """

    opening: str
    arguments: "tuple[tuple[_Node, ...], ...]"
    separators: tuple[str, ...]
    closing: str

    @property
    def name(self) -> str:
        """The function in capitals, "" for a group, `{` for an array."""
        if self.opening == "{":
            return self.opening
        return self.opening[:-1].upper().removeprefix("_XLFN.")


_Node = _Leaf | _Call


def _parsed(formula: str) -> tuple[_Node, ...]:
    """Take a formula apart. Raises TokenizerError or IndexError where that is not possible."""
    tokens = iter(Tokenizer(formula).items)
    nodes: list[_Node] = []
    for node in _nodes(tokens):
        if isinstance(node, Token):
            nodes.append(_leaf(node))
        else:
            nodes.append(node)
    return tuple(nodes)


def _leaf(token: Token) -> _Leaf:
    return _Leaf(token.value, (token.type, token.subtype))


def _nodes(tokens: Iterator[Token]) -> Iterator[_Node | Token]:
    """Go through what stands side by side; separators and the closing bracket come as tokens."""
    for token in tokens:
        if token.subtype == Token.OPEN:
            yield _call(token, tokens)
        elif token.subtype == Token.CLOSE:
            yield token
            return
        elif token.type == Token.SEP:
            yield token
        else:
            yield _leaf(token)


def _call(opening: Token, tokens: Iterator[Token]) -> _Call:
    """Take what a bracket opens. Raises IndexError where nothing closes it."""
    arguments: list[list[_Node]] = [[]]
    separators = []
    closing = ""
    for node in _nodes(tokens):
        if not isinstance(node, Token):
            arguments[-1].append(node)
        elif node.type == Token.SEP:
            separators.append(node.value)
            arguments.append([])
        else:
            closing = node.value
    if not closing:
        raise IndexError(opening.value)
    return _Call(
        opening.value,
        tuple(map(tuple, arguments)),
        tuple(separators),
        closing,
    )


def _leaves(nodes: Sequence[_Node]) -> Iterator[_Leaf]:
    """Go through all tokens that hold no others, however deep they stand."""
    for node in nodes:
        if isinstance(node, _Leaf):
            yield node
        else:
            for argument in node.arguments:
                yield from _leaves(argument)


def _text(nodes: Sequence[_Node]) -> str:
    return "".join(map(_text_of, nodes))


def _text_of(node: _Node) -> str:
    if isinstance(node, _Leaf):
        return node.text
    return _joined(node, [*map(_text, node.arguments)])


def _joined(call: _Call, arguments: Sequence[str]) -> str:
    """Write a call with these arguments, separated as it is."""
    text = call.opening
    for number, argument in enumerate(arguments):
        if number:
            text += call.separators[number - 1]
        text += argument
    return text + call.closing


OF_ALL_VALUES = frozenset(
    {
        "AVERAGE",
        "AVERAGEA",
        "COUNT",
        "COUNTA",
        "COUNTUNIQUE",
        "MAX",
        "MAXA",
        "MEDIAN",
        "MIN",
        "MINA",
        "PRODUCT",
        "STDEV",
        "STDEV.P",
        "STDEV.S",
        "STDEVA",
        "STDEVP",
        "SUM",
        "SUMSQ",
        "VAR",
        "VAR.P",
        "VAR.S",
        "VARA",
        "VARP",
    }
)
"""Functions that take any number of ranges, and pass over cells in which nothing stands."""
SUMMED = frozenset({"SUM", "COUNT", "COUNTA", "SUMSQ"})
"""Those of them that are of two ranges what they are of the one and of the other together."""
BY_CONDITION = frozenset({"COUNTIF", "COUNTIFS", "SUMIF", "SUMIFS"})
"""Functions of one range, or of several side by side, that add up over rows."""
IN_TEXTS = frozenset({"INDIRECT", "OFFSET"})
"""Functions that work out for themselves what they read."""
_EXACT = ("FALSE", "0", "FALSE()", "ЛОЖЬ")
_COMPARED = ("=", "<>", "<", ">", "<=", ">=")
_LOOKED_UP = 4
"""Arguments of a VLOOKUP that looks for the very same value."""


class _Widening:
    """Carries one formula over. Raises _NotCertainError where it cannot."""

    def __init__(self, cell: FormulaCell, split: Split) -> None:
        self.cell = cell
        self.split = split

    def targets_read(self, nodes: Sequence[_Node]) -> int:
        """Count the tabs where the clients go that a formula reads already."""
        read = set[str]()
        for leaf in _leaves(nodes):
            title, _ = titled_cells(leaf.text)
            if leaf.is_reference and title is not None:
                read.add(plain_title(title).casefold())
        titles = {target.title.casefold() for target in self.split.targets}
        return len(titles & read)

    def formula(self, nodes: Sequence[_Node]) -> str:
        """Return a whole formula as it must read."""
        text = self._whole(nodes)
        # A sum takes no brackets where nothing else stands beside it.
        summed = text.startswith("(") and not _text(nodes).startswith("(")
        return text[1:-1] if summed and len(nodes) == 1 else text

    def _whole(self, nodes: Sequence[_Node]) -> str:
        """Return what stands side by side as it must read."""
        return "".join(map(self._node, nodes))

    def _node(self, node: _Node) -> str:
        if isinstance(node, _Leaf):
            return self._leaf(node)
        if node.name in IN_TEXTS:
            return self._worked_out(node)
        own_way = self._own_way(node.name)
        if own_way is not None and any(map(self._reads_all, node.arguments)):
            return own_way(node)
        if node.name == "SUMPRODUCT" and self._speaks(node):
            return self._products(node)
        return _joined(node, [*map(self._whole, node.arguments)])

    def _own_way(self, name: str) -> Callable[[_Call], str] | None:
        if name in OF_ALL_VALUES:
            return self._of_all_values
        if name in BY_CONDITION:
            return self._by_condition
        if name == "SUBTOTAL":
            return self._of_all_values
        if name == "VLOOKUP":
            return self._looked_up
        return None

    def _leaf(self, leaf: _Leaf) -> str:
        """Return a token that no function has taken care of."""
        if leaf.is_reference and self._concerned(leaf):
            whole = self._reads_all((leaf,))
            raise _NotCertainError(Unclear.FUNCTION if whole else Unclear.PART)
        return leaf.text

    def _concerned(self, leaf: _Leaf) -> bool:
        """Tell whether a reference reads rows of clients of the tab that is split up."""
        named = self._span(leaf.text)
        if named is None:
            return False
        block = self.split.block
        bottom = named.span.bottom
        below = named.span.top >= block.end
        above = bottom is not None and bottom <= block.first
        return not (below or above)

    def _span(self, reference: str) -> TitledSpan | None:
        """Read a range of the tab that is split up, by its name too; None for any other."""
        text = self.split.names.get(reference.casefold(), reference)
        named = titled_span(text, self.cell.title)
        title = self.split.block.title.casefold()
        if named is None or named.title.casefold() != title:
            return None
        return named

    def _reads_all(self, argument: Sequence[_Node]) -> bool:
        """Tell whether an argument is nothing but a range over all clients."""
        return self._all_clients(argument) is not None

    def _all_clients(self, argument: Sequence[_Node]) -> TitledSpan | None:
        nodes = _without_spaces(argument)
        if len(nodes) != 1 or not isinstance(nodes[0], _Leaf):
            return None
        if not nodes[0].is_reference:
            return None
        named = self._span(nodes[0].text)
        if named is None or not self.split.block.is_covered(named.span):
            return None
        return named

    def _elsewhere(self, named: TitledSpan) -> list[str]:
        """Name the same columns on each tab where the clients go."""
        return [self._on(target, named) for target in self.split.targets]

    def _on(self, target: Target, named: TitledSpan) -> str:
        """Name the columns of a range on a tab where the clients go."""
        if self.split.others:
            raise _NotCertainError(Unclear.OTHERS)
        columns = named.span.columns
        if columns is None:
            raise _NotCertainError(Unclear.COLUMNS)
        there = [*map(target.columns.get, columns)]
        if not side_by_side(there):
            raise _NotCertainError(Unclear.COLUMNS)
        places = [column for column in there if column is not None]
        area = range(places[0], places[-1] + 1)
        self._check_circle(target, area)
        return rows_below(target.title, area, target.first)

    def _check_circle(self, target: Target, columns: range) -> None:
        cell = self.cell
        same_tab = cell.title.casefold() == target.title.casefold()
        if same_tab and cell.row >= target.first and cell.column in columns:
            raise _NotCertainError(Unclear.CIRCLE)

    def _of_all_values(self, call: _Call) -> str:
        """Give a function of any number of ranges all of them."""
        # Which mark parts arguments hangs on a spreadsheet's language; a plus is one everywhere.
        if call.name in SUMMED and not call.separators:
            named = self._all_clients(call.arguments[0])
            if named is not None:
                ranges = self._elsewhere(named)
                sums = [_joined(call, [area]) for area in ranges]
                return _sum([_text_of(call), *sums])
        mark = call.separators[0] if call.separators else ","
        arguments = []
        for argument in call.arguments:
            named = self._all_clients(argument)
            if named is None:
                arguments.append(self._whole(argument))
            else:
                ranges = [_text(argument), *self._elsewhere(named)]
                arguments.append(mark.join(ranges))
        return _joined(call, arguments)

    def _by_condition(self, call: _Call) -> str:
        """Add up what a function of conditions gives on each tab."""
        places = _ranges_of(call)
        spans = []
        for number, argument in enumerate(call.arguments):
            if number not in places:
                self._must_be_silent(argument)
                continue
            named = self._all_clients(argument)
            if named is None:
                raise _NotCertainError(Unclear.PART)
            spans.append(named.span[:2])
        if len({*spans}) > 1:
            raise _NotCertainError(Unclear.PART)
        if call.name.startswith("COUNT") and not _passes_blanks_over(call):
            raise _NotCertainError(Unclear.BLANKS)
        return self._summed(call)

    def _must_be_silent(self, argument: Sequence[_Node]) -> None:
        """Raise where an argument that is no range speaks of the clients all the same."""
        if any(map(self._speaks, argument)):
            raise _NotCertainError(Unclear.FUNCTION)

    def _speaks(self, node: _Node) -> bool:
        """Tell whether anything in a node reads clients of the tab."""
        return any(
            leaf.is_reference and self._concerned(leaf)
            for leaf in _leaves((node,))
        )

    def _summed(self, call: _Call) -> str:
        """Write a call once for each tab, and add them up."""
        calls = [_text_of(call)]
        for target in self.split.targets:
            calls.append(self._moved(call, target))
        return _sum(calls)

    def _moved(self, node: _Node, target: Target) -> str:
        """Write a node with each range over all clients on a tab where they go."""
        if isinstance(node, _Call):
            arguments = []
            for argument in node.arguments:
                moved = [self._moved(inner, target) for inner in argument]
                arguments.append("".join(moved))
            return _joined(node, arguments)
        named = self._all_clients((node,))
        if named is None:
            return node.text
        return self._on(target, named)

    def _products(self, call: _Call) -> str:
        """Add up what a sum of products gives on each tab."""
        factors = []
        for argument in call.arguments:
            factors += _factors(argument)
        if not all(map(self._is_simple_factor, factors)):
            raise _NotCertainError(Unclear.FUNCTION)
        # Of a row in which nothing stands one factor must be nought.
        if not any(map(self._is_nought_where_blank, factors)):
            raise _NotCertainError(Unclear.BLANKS)
        return self._summed(call)

    def _is_simple_factor(self, factor: Sequence[_Node]) -> bool:
        inner = _inner(factor)
        if self._reads_all(inner):
            return True
        return (
            len(inner) == len(("range", "mark", "value"))
            and self._reads_all(inner[:1])
            and _text(inner[1:2]) in _COMPARED
            and isinstance(inner[2], _Leaf)
            and inner[2].is_operand
            and not self._speaks(inner[2])
            and titled_span(inner[2].text, self.cell.title) is None
        )

    def _is_nought_where_blank(self, factor: Sequence[_Node]) -> bool:
        inner = _inner(factor)
        if len(inner) == 1:
            return True
        return _text(inner[1:2]) == "=" and _is_something(inner[2])

    def _looked_up(self, call: _Call) -> str:
        """Look for the same value on one tab after the other."""
        exact = len(call.arguments) == _LOOKED_UP and (
            _text(call.arguments[3]).strip().upper() in _EXACT
        )
        named = self._all_clients(call.arguments[1])
        if not exact or named is None:
            raise _NotCertainError(Unclear.FUNCTION)
        for number in (0, 2, 3):
            self._must_be_silent(call.arguments[number])
        mark = call.separators[0]
        calls = [_text_of(call)]
        for target in self.split.targets:
            calls.append(self._moved(call, target))
        *first, last = calls
        text = last
        for looked_up in reversed(first):
            text = f"IFERROR({looked_up}{mark}{text})"
        return text

    def _worked_out(self, call: _Call) -> str:
        """Leave a function alone that works out what it reads, unless it names the tab."""
        if self.split.block.title.casefold() in _text_of(call).casefold():
            raise _NotCertainError(Unclear.TEXT)
        self._must_be_silent((call,))
        return _text_of(call)


def _without_spaces(nodes: Sequence[_Node]) -> list[_Node]:
    return [
        node
        for node in nodes
        if not (isinstance(node, _Leaf) and node.is_space)
    ]


def _sum(calls: Sequence[str]) -> str:
    return f"({'+'.join(calls)})"


def _ranges_of(call: _Call) -> set[int]:
    """Return which arguments of a function of conditions are ranges."""
    count = len(call.arguments)
    if call.name in ("COUNTIF", "COUNTIFS"):
        return {*range(0, count, 2)}
    if call.name == "SUMIF":
        return {0, 2} & {*range(count)}
    return {0, *range(1, count, 2)}


def _passes_blanks_over(call: _Call) -> bool:
    """Tell whether one of a count's conditions surely holds of no cell in which nothing stands."""
    conditions = call.arguments[1::2]
    return any(map(_is_of_something, conditions))


_OF_BLANKS = re.compile(r'"(|=|<>.+)"')
"""Conditions that hold of a cell in which nothing stands."""


def _is_of_something(condition: Sequence[_Node]) -> bool:
    nodes = _without_spaces(condition)
    if not nodes:
        return False
    first = nodes[0]
    text = _text(nodes[:1])
    if len(nodes) == 1:
        return not _OF_BLANKS.fullmatch(text)
    # `"<>"&A2`: a condition that is put together begins with its mark.
    return not (isinstance(first, _Leaf) and text in ('""', '"="', '"<>"'))


def _factors(argument: Sequence[_Node]) -> list[list[_Node]]:
    """Cut a product into its factors."""
    factors: list[list[_Node]] = [[]]
    for node in _without_spaces(argument):
        if isinstance(node, _Leaf) and node.text == "*":
            factors.append([])
        else:
            factors[-1].append(node)
    return factors


def _inner(factor: Sequence[_Node]) -> Sequence[_Node]:
    """Return a factor without its brackets, and without the marks that make a number of it."""
    nodes = [
        node
        for node in factor
        if not (isinstance(node, _Leaf) and node.text == "-")
    ]
    if (len(factor) - len(nodes)) % 2:
        return factor
    if len(nodes) == 1 and isinstance(nodes[0], _Call) and not nodes[0].name:
        return _inner(_without_spaces(nodes[0].arguments[0]))
    return nodes


def _is_something(node: _Node) -> bool:
    """Tell whether a value is written out, and is neither empty nor nought."""
    if not isinstance(node, _Leaf):
        return False
    if node.kind == (Token.OPERAND, Token.TEXT):
        return node.text != '""'
    if node.kind == (Token.OPERAND, Token.NUMBER):
        return float(node.text) != 0
    return False
