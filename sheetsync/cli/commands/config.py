"""`sheetsync config`: whether sheetsync.toml can be used, an example of it, its JSON Schema."""

import json

from sheetsync.cli.commands.common import refuse_two_answers
from sheetsync.cli.output.terminal import console, emit, print_bytes
from sheetsync.config import FILE, pages
from sheetsync.errors import ExitCode
from sheetsync.services.context import Context


def check(ctx: Context) -> int:
    """Say that the settings can be used; where they cannot, `Context` was never made of them."""
    books = [book.name for book in ctx.settings.books]
    file = str(ctx.config or FILE)
    if ctx.as_json:
        emit({"file": file, "books": books})
        return ExitCode.DONE
    language = ctx.language
    count = language.plural("{n} book", "{n} books", len(books))
    console().print(
        language.text("{file} can be used: {books}.", file=file, books=count),
        markup=False,
    )
    return ExitCode.DONE


def example(ctx: Context) -> int:
    """Print a file that says every setting."""
    refuse_two_answers(ctx)
    print_bytes(pages.example(ctx.language).encode())
    return ExitCode.DONE


def schema(_: Context) -> int:
    """Print the JSON Schema of the file."""
    text = json.dumps(pages.schema(), ensure_ascii=False, indent=2)
    print_bytes(f"{text}\n".encode())
    return ExitCode.DONE
