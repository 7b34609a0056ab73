"""The single numbers and switches of the method: a line each on the tab, in groups.

Where each stands in the policy is its path; blocks with lines of their own are in `blocks`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from sheetsync.i18n import marked
from sheetsync.method.settings_tab.cell_types import Kind
from sheetsync.method.settings_tab.location_types import (
    COUNTRY,
    CURRENCY,
    Rates,
    TimeZone,
)
from sheetsync.method.settings_tab.number_types import (
    Day,
    Flag,
    Hour,
    SharePercent,
    Whole,
    Wholes,
)
from sheetsync.method.settings_tab.text_types import Email, Measure, Text
from sheetsync.method.settings_tab.word_types import WordChoice


class Scalar(NamedTuple):
    """A setting.

    `path`: its place in the policy, which is its name in a file too; `open`: it may be empty.
    """

    path: str
    label: str
    kind: Kind
    open: bool = False


class SettingsGroup(NamedTuple):
    """Settings that are read together."""

    title: str
    scalars: tuple[Scalar, ...]


SALE_PROOFS: Mapping[str, str] = MappingProxyType(
    {
        "paid_on": marked("the date of payment"),
        "invoice_on": marked("the date of the invoice"),
        "state": marked("the state alone"),
    }
)
"""What may prove a sale, by its code."""

# A wait of nought days is none; a deadline of nought days would be over as it begins.
_DAYS, _WAIT = Whole(1, 3660), Whole(0, 3660)
GROUPS = (
    SettingsGroup(
        marked("The head of sales"),
        (
            Scalar("head.name", marked("Name of the head"), Text(), open=True),
            Scalar(
                "head.email", marked("E-mail of the head"), Email(), open=True
            ),
            Scalar(
                "head.address",
                marked("Messenger of the head"),
                Text(),
                open=True,
            ),
            Scalar(
                "deputy.name",
                marked("Deputy: has the head's rights on the days below"),
                Text(),
                open=True,
            ),
            Scalar(
                "deputy.email",
                marked("E-mail of the deputy"),
                Email(),
                open=True,
            ),
            Scalar(
                "deputy.address",
                marked("Messenger of the deputy"),
                Text(),
                open=True,
            ),
            Scalar("deputy.first", marked("Deputy from"), Day(), open=True),
            Scalar("deputy.last", marked("Deputy until"), Day(), open=True),
        ),
    ),
    SettingsGroup(
        marked("Working list of one manager"),
        (
            Scalar("cap.min", marked("Companies at least"), Whole(0, 100_000)),
            Scalar(
                "cap.max",
                marked("Companies at most: never exceeded"),
                Whole(1, 100_000),
            ),
            Scalar(
                "cap.refill",
                marked("What is done when there are too few"),
                WordChoice(
                    {
                        "off": marked("nothing"),
                        "propose": marked("propose whom to take"),
                        "assign": marked("assign by itself"),
                    }
                ),
            ),
        ),
    ),
    SettingsGroup(
        marked("Time in work"),
        (
            Scalar(
                "time.one_deadline_days",
                marked("One number of days for all; empty: by label"),
                _DAYS,
                open=True,
            ),
            Scalar(
                "time.unlabelled_days",
                marked("Days in work without a label"),
                _DAYS,
            ),
            Scalar(
                "time.warn_days",
                marked("Warn when so many days are left"),
                Wholes(0, 366),
            ),
            Scalar(
                "time.count",
                marked("Which days are counted"),
                WordChoice(
                    {
                        "calendar": marked("all days"),
                        "working": marked("working days"),
                    }
                ),
            ),
            Scalar(
                "calendar.country",
                marked("Whose working days"),
                COUNTRY,
                open=True,
            ),
            Scalar(
                "time.new_in_working_days",
                marked("A new company waits for the first call, days"),
                _WAIT,
            ),
            Scalar(
                "time.new_in_working",
                marked("And then"),
                WordChoice(
                    {
                        "report": marked("it is reported"),
                        "send_back": marked("it goes back to the call base"),
                    }
                ),
            ),
            Scalar(
                "time.repeat_sale_days", marked("Days of a repeat sale"), _DAYS
            ),
            Scalar(
                "time.hold_days",
                marked("Held after an undo or a decision of the head, days"),
                _WAIT,
            ),
            Scalar(
                "time.consent_days",
                marked(
                    "Back so soon after leaving needs the head's consent, days"
                ),
                _WAIT,
            ),
            Scalar(
                "time.extensions",
                marked("A deadline may be extended so often"),
                Whole(0, 100),
            ),
            Scalar(
                "time.extension_days",
                marked("By so many days at a time"),
                _DAYS,
            ),
            Scalar(
                "time.unread_nights",
                marked(
                    "A row that cannot be read moves all the same after so many nights"
                ),
                _WAIT,
            ),
            Scalar(
                "time.refusal_without_reason_days",
                marked("A refusal may lack its reason for so many days"),
                _WAIT,
            ),
            Scalar(
                "time.pushes",
                marked("A next step put off so often is reported"),
                Whole(1, 1000),
            ),
            Scalar(
                "time.step_horizon_days",
                marked("A next step further ahead is reported, days"),
                _DAYS,
            ),
            Scalar(
                "time.findings_days",
                marked(
                    "Steps against the method are reported for so many days"
                ),
                Whole(1, 366),
            ),
        ),
    ),
    SettingsGroup(
        marked("Trial of the model: nothing is moved, only shown"),
        (
            Scalar(
                "trial.begins",
                marked("First day of the trial; empty: no trial"),
                Day(),
                open=True,
            ),
            Scalar(
                "trial.days",
                marked("Days of the trial, 30 to 40"),
                Whole(30, 40),
            ),
        ),
    ),
    SettingsGroup(
        marked("Sales"),
        (
            Scalar(
                "sale_proof",
                marked("What proves that something is sold"),
                WordChoice(SALE_PROOFS),
            ),
        ),
    ),
    SettingsGroup(
        marked("Labels by amount"),
        (
            Scalar(
                "label_by",
                marked("The column that tells a client's size"),
                Measure(),
            ),
        ),
    ),
    SettingsGroup(
        marked("Safety: beyond this a run waits for a person"),
        (
            Scalar(
                "safety.max_moved_share",
                marked("Share of the base that may move in one night"),
                # A share of nothing would stop every night.
                SharePercent(positive=True),
            ),
            Scalar(
                "safety.free_moved_rows",
                marked("Rows that may always move, up to half of the base"),
                Whole(0, 1_000_000),
            ),
            Scalar(
                "safety.max_moved_rows",
                marked("Rows that may move in one night"),
                Whole(1, 1_000_000),
            ),
            Scalar(
                "safety.max_vanished_share",
                marked("Share of the base that may vanish between two nights"),
                SharePercent(positive=True),
            ),
            Scalar(
                "safety.max_unread_share",
                marked(
                    "Share of a tab that may turn unreadable in one night and still move"
                ),
                SharePercent(positive=True),
            ),
            Scalar(
                "safety.min_rows_for_shares",
                marked("Shares count from so many rows on"),
                Whole(1, 1_000_000),
            ),
        ),
    ),
    SettingsGroup(
        marked("Messages"),
        (
            Scalar("notices.managers_at", marked("To managers at"), Hour()),
            Scalar(
                "notices.head_at", marked("To the head of sales at"), Hour()
            ),
            Scalar("notices.on_days_off", marked("On days off too"), Flag()),
            Scalar(
                "notices.repeat_days",
                marked("The same again after so many days"),
                Whole(1, 366),
            ),
        ),
    ),
    SettingsGroup(
        marked("Revision of actions"),
        (
            Scalar(
                "review.actions",
                marked("Actions of each manager drawn every week; 0: none"),
                Whole(0, 50),
            ),
        ),
    ),
    SettingsGroup(
        marked("Journal"),
        (
            Scalar(
                "journal.volumes",
                marked("Lines older than three months go to tabs of their own"),
                WordChoice(
                    {
                        "quarter": marked("by quarter"),
                        "month": marked("by month"),
                        "never": marked("never"),
                    }
                ),
            ),
        ),
    ),
    SettingsGroup(
        marked("Cells"),
        (
            Scalar(
                "repairs",
                marked("Tidy cells: spaces, phones, dates, tax numbers"),
                Flag(),
            ),
            Scalar(
                "split_one_tab",
                marked(
                    "Send the rows of a tab of several sections to their tabs"
                ),
                Flag(),
            ),
            Scalar(
                "new_manager_rows",
                marked(
                    "A name that is not on this tab is a manager from so many rows on"
                ),
                Whole(1, 1000),
            ),
        ),
    ),
    SettingsGroup(
        marked("Where the team works"),
        (
            Scalar(
                "location.country",
                marked("Country: phones, tax numbers, days off"),
                COUNTRY,
                open=True,
            ),
            Scalar(
                "location.currency",
                marked("Currency of amounts that name none"),
                CURRENCY,
                open=True,
            ),
            Scalar(
                "location.rates",
                marked(
                    "What one of another currency is in it: EUR 98.5; USD 90"
                ),
                Rates(),
                open=True,
            ),
            Scalar(
                "location.heading_units",
                marked("Amounts under a heading such as “thousands”"),
                WordChoice(
                    {
                        "ask": marked("ask"),
                        "multiply": marked("are multiplied"),
                        "as_they_stand": marked("count as they stand"),
                    }
                ),
            ),
            Scalar(
                "location.time_zone",
                marked("Time zone of a file; empty: this machine's"),
                TimeZone(),
                open=True,
            ),
        ),
    ),
)
SCALAR = {scalar.path: scalar for group in GROUPS for scalar in group.scalars}
