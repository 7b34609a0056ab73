"""The stages of a run in words: beside a terminal's spinner, or line by line where asked for."""

import json

from sheetsync.i18n import Language
from sheetsync.services.stages import Progress, Stage


def stage_words(progress: Progress, language: Language) -> str:
    """Say what a run is about to do, over how many rows, in which of its batches."""
    sentence = _sentence(progress, language)
    if progress.batches == 1:
        return sentence
    return language.text(
        "{stage} (part {number} of about {count})",
        stage=sentence,
        number=progress.batch,
        count=max(progress.batch, progress.batches),
    )


def _sentence(progress: Progress, language: Language) -> str:
    text = language.text
    rows = progress.rows or 0
    if progress.stage is Stage.DECIDE and rows:
        return language.plural(
            "Deciding about {n} row…", "Deciding about {n} rows…", rows
        )
    if progress.stage is Stage.WRITE and rows:
        return language.plural(
            "Writing, {n} row moves…", "Writing, {n} rows move…", rows
        )
    return {
        Stage.READ: text("Reading the base…"),
        Stage.DECIDE: text("Deciding…"),
        Stage.LOCK: text("Locking the base…"),
        Stage.REREAD: text("Reading the touched rows again…"),
        Stage.WRITE: text("Writing…"),
    }[progress.stage]


def stage_json(progress: Progress) -> str:
    """Return the line of JSON that says the same."""
    return json.dumps(
        {
            "stage": progress.stage.value,
            "rows": progress.rows,
            "batch": progress.batch,
            "batches": progress.batches,
        }
    )
