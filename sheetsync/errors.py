"""The errors that reach a user: each says what happened, what to do next, and its exit code.

How they are shown is left to the command line. The tree::

    SheetsyncError
    ├── InputError          1  the user's data, file or words on the command line
    │   ├── BookNotFound       no such file, or an address that is none
    │   ├── NotAWorkbook       a file that is no readable .xlsx
    │   ├── BookInUse          another program or person holds it
    │   ├── BookLocked         another run is writing to it
    │   ├── BookChanged        it changed between reading and writing; nothing was written
    │   ├── BookUnrecognised   no section tabs, no headings, an empty base
    │   ├── PolicyError        the method's own file cannot be read
    │   └── PlanRefused        a saved plan that no longer fits the book
    ├── ChangesPending      2  there is something to do and nobody has said to do it
    ├── ServiceError        3  Google, the network, credentials
    │   ├── CredentialsError   absent, malformed, expired
    │   ├── AccessDenied       the book is not shared with the account
    │   ├── ServiceBusy        it took no request just now; nothing was done
    │   ├── NightTooLarge      more than it takes in one batch, even of one row
    │   ├── RequestRefused     it found a request invalid; nothing was done
    │   │   └── BookFull          a grid would be larger than it may be
    │   ├── WriteTooSlow       a write did not come to its end in time; nothing was done
    │   └── OutcomeUnknown     a write was sent and its answer was lost
    │       └── OutOfTime         the service gave it up after its 180 seconds
    └── BrokenPromise       4  a check of our own work failed: a bug of ours
"""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

NO_DETAILS: Mapping[str, object] = MappingProxyType({})


class ExitCode(IntEnum):
    """What the command line answers to the shell."""

    DONE = 0
    INPUT = 1
    PENDING = 2
    SERVICE = 3
    BUG = 4
    INTERRUPTED = 130


class SheetsyncError(Exception):
    """What happened, in the user's language, and `fix`: what the user should do next.

    `details`: what a command that prints one object on every exit prints beside the error.
    """

    exit_code = ExitCode.BUG

    def __init__(
        self,
        message: str,
        *,
        fix: str = "",
        details: Mapping[str, object] = NO_DETAILS,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.details = details


class InputError(SheetsyncError):
    """The user's data or words cannot be worked with."""

    exit_code = ExitCode.INPUT


class BookNotFound(InputError):
    """There is no such file or spreadsheet."""


class NotAWorkbook(InputError):
    """The file is not a readable .xlsx."""


class BookInUse(InputError):
    """The file may not be written now.

    It is open elsewhere, read-only, or a save would lose parts of it.
    """


class BookLocked(InputError):
    """Another run holds the book's lock; nothing was written."""


class BookChanged(InputError):
    """Somebody changed the book between our reading and our writing; nothing was written."""


class BookUnrecognised(InputError):
    """The book does not look like a base: no section, no headings."""


class PolicyError(InputError):
    """The method's description is wrong; the message lists every mistake."""


class PlanRefused(InputError):
    """A saved plan no longer fits the book, or is no plan."""


class ChangesPending(SheetsyncError):
    """Something would be written, and waits for a person's word."""

    exit_code = ExitCode.PENDING


class ServiceError(SheetsyncError):
    """Google, the network or the account refused or failed."""

    exit_code = ExitCode.SERVICE


class CredentialsError(ServiceError):
    """Credentials are absent, malformed or no longer valid."""


class AccessDenied(ServiceError):
    """The account may not open or edit the book."""


class ServiceBusy(ServiceError):
    """The service did not take the request: over its limits, or never reached.

    It was not carried out.
    """


class RequestRefused(ServiceError):
    """The service found the request invalid, and carried out nothing of it."""


class BookFull(RequestRefused):
    """The spreadsheet has no cells or columns left for what is to be written."""


class NightTooLarge(ServiceError):
    """What is to be written does not fit into the service's limits, even in parts."""


class WriteTooSlow(ServiceError):
    """A write was sent, did not come to its end, and can never be applied any more.

    A shorter one may be taken.
    """


class OutcomeUnknown(ServiceError):
    """A write was sent and no answer came; the book must be looked at before it is sent again."""


class OutOfTime(OutcomeUnknown):
    """The service gave a write up for the time that it took (504); it may have been applied."""


class BrokenPromise(SheetsyncError):
    """The book after the write is not what the plan said."""
