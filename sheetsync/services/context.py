"""What every command is given: the language, the day, the settings, and how to answer.

What a command does with them is its own.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sheetsync.config import Settings, load
from sheetsync.i18n import Language


@dataclass(frozen=True)
class Context:
    """One call of the command line.

    `asked`: the language the user named, which the base is then read in too; `today` None: the
    day it is; `config`: the settings file, None: sheetsync.toml of the working folder.
    """

    language: Language
    settings: Settings
    asked: str | None = None
    today: date | None = None
    as_json: bool = False
    verbose: int = 0
    config: Path | None = None

    @property
    def shares_links(self) -> bool:
        """Whether a book's address is Google's, not an emulator's, so that people can open it."""
        return self.settings.api_endpoint is None


def context(
    language: Language,
    *,
    asked: str | None = None,
    today: date | None = None,
    as_json: bool = False,
    config: Path | None = None,
    verbose: int = 0,
) -> Context:
    """Load the settings and put a call's context together. Raises InputError on bad settings."""
    return Context(
        language, load(config, language), asked, today, as_json, verbose, config
    )
