"""Compiles the message catalogues, and packs the templates.

So git holds only the readable sources of the catalogues.
"""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):  # type: ignore[type-arg]  # hatchling ships no types for its plugins
    """Writes a `.mo` beside each `.po` before the wheel, or the editable install, is made."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every catalogue under `sheetsync/locale`.

        Put the templates into a wheel that is no editable one.
        """
        for source in Path(self.root, "sheetsync", "locale").rglob("*.po"):
            with (
                source.open("rb") as readable,
                source.with_suffix(".mo").open("wb") as compiled,
            ):
                write_mo(compiled, read_po(readable))
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"]["templates"] = "sheetsync/templates"
