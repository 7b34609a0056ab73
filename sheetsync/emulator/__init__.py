"""The Google Sheets API v4 over local .xlsx files: what a client of this room imports.

Names load on first use, so that importing the room costs nothing; the work is left to its modules.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sheetsync.emulator import errors

if TYPE_CHECKING:
    from sheetsync.emulator.transport.adapter import (
        Crashed,
        LocalAdapter,
        NeverAnswered,
    )
    from sheetsync.emulator.transport.faults import Fault, Faults
    from sheetsync.emulator.transport.quotas import Quotas
    from sheetsync.emulator.transport.server import Server, serve
    from sheetsync.emulator.workspace import (
        BookInfo,
        Workspace,
        create_workbook,
    )

__all__ = [
    "BookInfo",
    "Crashed",
    "Fault",
    "Faults",
    "LocalAdapter",
    "NeverAnswered",
    "Quotas",
    "Server",
    "Workspace",
    "create_workbook",
    "errors",
    "serve",
]

_HOMES = {
    "BookInfo": "workspace",
    "Crashed": "transport.adapter",
    "Fault": "transport.faults",
    "Faults": "transport.faults",
    "LocalAdapter": "transport.adapter",
    "NeverAnswered": "transport.adapter",
    "Quotas": "transport.quotas",
    "Server": "transport.server",
    "Workspace": "workspace",
    "create_workbook": "workspace",
    "serve": "transport.server",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
