"""Where the run log lies: as the settings say, as systemd says, or where the system keeps state."""

import os
from pathlib import Path

from platformdirs import user_state_path

from sheetsync.config import Settings

SYSTEMD = "STATE_DIRECTORY"
"""systemd's own variable of a unit with `StateDirectory=`; several folders are parted by colons."""


def state_folder(settings: Settings) -> Path:
    """Return the folder of the run log; it need not be there."""
    if settings.state is not None:
        return settings.state.expanduser()
    of_unit = os.environ.get(SYSTEMD, "").partition(":")[0]
    if of_unit:
        return Path(of_unit)
    return user_state_path("sheetsync", appauthor=False)
