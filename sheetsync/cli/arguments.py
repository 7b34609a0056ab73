"""What was typed, before it is understood: options of all commands may stand before the command."""

from collections.abc import Sequence

_FLAGS = ("--json", "--verbose")
_WITH_VALUE = ("--today", "--config", "--lang")


def options_last(arguments: Sequence[str]) -> list[str]:
    """Return arguments with the options of all commands behind the command's name.

    `--lang ru plan base.xlsx` becomes `plan --lang ru base.xlsx`; anything else stays as it is.
    """
    place = 0
    while place < len(arguments):
        length = _length_of_option(arguments[place])
        if not length:
            break
        place += length
    leading = arguments[:place]
    command = arguments[place : place + 1]
    return [*command, *leading, *arguments[place + 1 :]]


def _length_of_option(argument: str) -> int:
    """Return how many arguments an option of all commands takes up, 0 of anything else."""
    is_verbose = argument.startswith("-v") and set(argument[1:]) == {"v"}
    if argument in _FLAGS or is_verbose:
        return 1
    if argument in _WITH_VALUE:
        return 2
    name, is_given, _ = argument.partition("=")
    return int(bool(is_given) and name in _WITH_VALUE)
