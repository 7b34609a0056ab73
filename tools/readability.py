"""How much a reader must hold at once: python tools/readability.py PACKAGE [--without FOLDER ...].

Standard library only. A line of code has a token that is no comment and no docstring. None of the
figures is a gate: they show where to look, and a gate would be met by padding.
"""

import argparse
import ast
import io
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

COUNTED_TOKENS = {tokenize.NAME, tokenize.NUMBER, tokenize.STRING, tokenize.OP}
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
BRANCHES = (
    *(
        ast.If,
        ast.For,
        ast.AsyncFor,
        ast.While,
        ast.ExceptHandler,
        ast.With,
        ast.AsyncWith,
    ),
    *(ast.Assert, ast.IfExp, ast.Lambda, ast.match_case),
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
MANY_DECISIONS = 10
LONG_LINE = 100


class Wanted(NamedTuple):
    """A line of the table: what is measured, how it is written, and what is aimed at."""

    measure: str
    form: str
    aim: str


TABLE = (
    Wanted("modules lying flat in the package", "{:.0f}", "≤ 8"),
    Wanted("tokens a line of code", "{:.1f}", "≤ 8"),
    Wanted("decisions per 100 lines of code", "{:.1f}", "≤ 22"),
    Wanted("comprehensions per 1,000 lines", "{:.0f}", "≤ 35"),
    Wanted("ternaries per 1,000 lines", "{:.0f}", "≤ 20"),
    Wanted("functions with more than ten decisions, %", "{:.1f}", "≤ 2.5"),
    Wanted("lines over 100 characters, %", "{:.2f}", "0"),
    Wanted("formatter switched off, times", "{:.0f}", "≤ 5"),
    Wanted("comment lines, %", "{:.1f}", "≥ 1.5"),
)


@dataclass
class Count:
    """What was counted in some files.

    `heavy`: functions with more than ten decisions; `densest`: each function with its decisions.
    """

    flat: int = 0
    lines: int = 0
    code: int = 0
    tokens: int = 0
    decisions: int = 0
    comprehensions: int = 0
    ternaries: int = 0
    functions: int = 0
    heavy: int = 0
    long: int = 0
    formatter_off: int = 0
    comments: int = 0
    densest: list[tuple[int, str]] = field(default_factory=list)
    widest: list[tuple[int, str]] = field(default_factory=list)

    def add(self, path: Path) -> None:
        """Count one file."""
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        per_line = tokens_by_line(source, docstring_lines(tree))
        self.code += len(per_line)
        self.tokens += sum(per_line.values())
        self.decisions += decisions(tree)
        for node in ast.walk(tree):
            self.comprehensions += isinstance(node, COMPREHENSIONS)
            self.ternaries += isinstance(node, ast.IfExp)
            if isinstance(node, FUNCTIONS):
                self._add_function(node, path)
        for number, text in enumerate(source.splitlines(), 1):
            self._add_line(text, f"{path}:{number}")

    def _add_function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, path: Path
    ) -> None:
        count = decisions(node)
        self.functions += 1
        self.heavy += count > MANY_DECISIONS
        self.densest.append((count, f"{path}:{node.lineno} {node.name}"))

    def _add_line(self, text: str, place: str) -> None:
        self.lines += 1
        self.long += len(text) > LONG_LINE
        self.formatter_off += "fmt: skip" in text or "fmt: off" in text
        self.comments += text.lstrip().startswith("#")
        self.widest.append((len(text), place))

    def figures(self) -> tuple[float, ...]:
        """Return the figures of the table, in its order."""
        code, lines = max(self.code, 1), max(self.lines, 1)
        return (
            self.flat,
            self.tokens / code,
            100 * self.decisions / code,
            1000 * self.comprehensions / code,
            1000 * self.ternaries / code,
            100 * self.heavy / max(self.functions, 1),
            100 * self.long / lines,
            self.formatter_off,
            100 * self.comments / lines,
        )


def docstring_lines(tree: ast.AST) -> set[int]:
    """Return the numbers of the lines on which docstrings stand."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if not isinstance(first, ast.Expr) or not isinstance(
            first.value, ast.Constant
        ):
            continue
        if isinstance(first.value.value, str):
            lines.update(
                range(first.lineno, (first.end_lineno or first.lineno) + 1)
            )
    return lines


def tokens_by_line(source: str, prose: set[int]) -> Counter[int]:
    """Return how many tokens of code stand on each line that has any."""
    counts: Counter[int] = Counter()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in COUNTED_TOKENS and token.start[0] not in prose:
            counts[token.start[0]] += 1
    return counts


def decisions(node: ast.AST) -> int:
    """Count branches, loops, comprehensions with their ifs, lambdas and boolean operators."""
    total = 0
    for part in ast.walk(node):
        if isinstance(part, BRANCHES):
            total += 1
        elif isinstance(part, ast.BoolOp):
            total += len(part.values) - 1
        elif isinstance(part, ast.comprehension):
            total += 1 + len(part.ifs)
    return total


def modules(package: Path, without: list[str]) -> Iterator[Path]:
    """Go through the package's modules, but for the folders that are left out."""
    for path in sorted(package.rglob("*.py")):
        if not set(without) & set(path.relative_to(package).parts):
            yield path


def rooms_of(package: Path, without: list[str]) -> dict[str, Count]:
    """Return the count of each folder that lies directly in the package."""
    rooms: dict[str, Count] = {}
    for path in modules(package, without):
        parts = path.relative_to(package).parts
        room = f"{parts[0]}/" if len(parts) > 1 else "(front doors)"
        rooms.setdefault(room, Count()).add(path)
    return rooms


def main() -> None:
    """Print the table, and what is densest where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        help="a folder below the package",
    )
    parser.add_argument(
        "--rooms", action="store_true", help="a line for each room too"
    )
    parser.add_argument(
        "--worst",
        type=int,
        default=0,
        help="name the N densest and widest places",
    )
    args = parser.parse_args()
    whole = Count()
    for path in modules(args.package, args.without):
        whole.add(path)
    front = [path.name for path in args.package.glob("*.py")]
    whole.flat = len({*front} - {"__init__.py", "__main__.py"})
    print(
        f"{whole.lines:,} lines, {whole.code:,} of code, {whole.functions:,} functions"
    )
    for (measure, form, aim), figure in zip(
        TABLE, whole.figures(), strict=True
    ):
        print(f"{measure:<44}{form.format(figure):>8}   wanted {aim}")
    if args.rooms:
        print(
            "\nroom, lines of code: tokens · decisions · comprehensions · ternaries · comments %"
        )
        for room, count in rooms_of(args.package, args.without).items():
            _, tokens, branches, comprehensions, ternaries, *_, comments = (
                count.figures()
            )
            figures = f"{tokens:.1f} · {branches:.0f} · {comprehensions:.0f} · {ternaries:.0f}"
            print(f"{room:<16}{count.code:>7,}: {figures} · {comments:.1f}")
    for width, place in sorted(whole.densest, reverse=True)[: args.worst]:
        print(f"  {width} decisions  {place}")
    for width, place in sorted(whole.widest, reverse=True)[: args.worst]:
        print(f"  {width} characters  {place}")


if __name__ == "__main__":
    main()
