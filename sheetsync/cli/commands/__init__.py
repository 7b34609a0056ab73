"""What each command does: opens the book, calls the runner, shows the result, and returns the exit code."""

from sheetsync.cli.commands.bases import adopt, demo, init, settings
from sheetsync.cli.commands.history import handover, history, restore, undo, unlock
from sheetsync.cli.commands.long_running import Trouble, daemon, doctor, notify, serve
from sheetsync.cli.commands.meeting_pack import pack
from sheetsync.cli.commands.runs import apply, check, plan, report, run

__all__ = [
    "Trouble",
    "adopt",
    "apply",
    "check",
    "daemon",
    "demo",
    "doctor",
    "handover",
    "history",
    "init",
    "notify",
    "pack",
    "plan",
    "report",
    "restore",
    "run",
    "serve",
    "settings",
    "undo",
    "unlock",
]
