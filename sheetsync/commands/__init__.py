"""What each command does: opens the book, calls the runner, shows the result, and returns the exit code."""

from sheetsync.commands.bases import adopt, demo, init, settings
from sheetsync.commands.packs import pack
from sheetsync.commands.past import handover, history, restore, undo, unlock
from sheetsync.commands.runs import apply, check, plan, report, run
from sheetsync.commands.services import Trouble, daemon, doctor, notify, serve

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
