"""A shared spreadsheet of a team in either language, by the method's codes: what people type, and where each company stands."""

from datetime import date, datetime
from typing import Any

from sheetsync.method.policy import template
from sheetsync.services.run import RunResult
from sheetsync.values import to_cell, to_serial
from tests.builders.bench import TITLES
from tests.builders.desk import EDITOR, OWN, OWNER, Client, Desk

FIELDS = (
    *("company", "phone", "label", "state", "manager", "began", "last_contact", "amount"),
    *("invoice_on", "paid_on", "refusal_reason", "return_on", "on_expiry", "extended_to"),
)
DAYS = ("began", "last_contact", "invoice_on", "paid_on", "return_on", "extended_to")
CHOICES = {
    "label": "labels",
    "state": "states",
    "refusal_reason": "reasons",
    "on_expiry": "sections",
}


class Team(Desk):
    """One spreadsheet in memory, laid out in a language; companies are called by their names."""

    _tabs: dict[str, list[list[Any]]] | None = None

    def __init__(self, code: str) -> None:
        super().__init__()
        self.policy = template(code)
        self.words = self.policy.words
        self.heading = {field: self.words.name("columns", field) for field in FIELDS}
        self.code = code
        for section, title in TITLES.items():
            name = self.words.name("sections", section)
            changed = {
                "properties": {"sheetId": self.sheet_id(title), "title": name},
                "fields": "title",
            }
            self.batch(OWNER, {"updateSheetProperties": changed})
            self.titles[title] = name
            self.write(OWNER, title, 0, [*self.heading.values(), OWN])

    def call(self, user: str, method: str, path: str, body: Any = None) -> Any:
        """Send one request as a person."""
        if method != "GET":
            self._tabs = None
        return super().call(user, method, path, body)

    def tabs(self) -> dict[str, list[list[Any]]]:
        """Return the rows of every section's tab, read once as long as nobody writes."""
        if self._tabs is None:
            self._tabs = super().tabs()
        return self._tabs

    def word(self, field: str, value: str) -> str:
        """Return a code as people write it; what is none stands as it is."""
        kind = CHOICES.get(field)
        codes = () if kind is None else self.policy.codes(kind)
        return self.words.name(str(kind), value) if value in codes else value

    def cell(self, field: str, value: str | float | None) -> Any:
        """Return what is typed into a cell: words of codes, days as a sheet holds them."""
        if not isinstance(value, str):
            return value
        if field in DAYS and value[:2] == "20":
            return to_cell(datetime.fromisoformat(value))
        return self.word(field, value)

    def join(self, section: str, company: str, **cells: str | float) -> None:
        """Type a company at the end of a section's tab: small, at its second contact, unless said otherwise."""
        title = TITLES[section]
        number = len(self.clients) + 1
        whole: dict[str, str | float] = {
            "company": company,
            "phone": f"+1202555{number:04d}",
            "label": "small",
            "state": "contact_2",
            "manager": "Baker",
            **cells,
        }
        row = [self.cell(field, whole.get(field)) for field in FIELDS]
        self.write_rows(EDITOR, title, len(self.tabs()[title]), [[*row, company]])
        self.clients[company] = Client()

    def put(self, company: str, user: str = EDITOR, **cells: str | float | None) -> None:
        """Type into cells of a company."""
        title, row = self.place(company)
        headings = self.tabs()[title][0]
        for field, value in cells.items():
            self.write(
                user, title, row, [self.cell(field, value)], headings.index(self.heading[field])
            )

    def cut(self, company: str, section: str) -> None:
        """Cut a row and paste it at the end of a section's tab."""
        self.carry(company, TITLES[section])

    def night(self, day: str) -> RunResult:
        """Play the night of a day."""
        self.today = date.fromisoformat(day)
        daemon = self.daemon(holder=f"here:{day}")
        daemon.options = daemon.options.__class__(
            self.today, force=True, language=self.code, holder=f"here:{day}"
        )
        self._tabs = None
        return daemon.run()

    def stands(self, company: str) -> tuple[str, str]:
        """Return where a company stands, and its state, in codes."""
        title, _ = self.place(company)
        section = next(code for code, name in TITLES.items() if name == title)
        state = self.read(company, "state")
        codes = {self.words.name("states", code): code for code in self.policy.codes("states")}
        return section, codes.get(state, state)

    def read(self, company: str, field: str) -> Any:
        """Return a cell of a company as the sheet holds it."""
        ((_, _, cells),) = self.standing()[company]
        return cells.get(self.words.name("columns", field), "")

    def shown(self, tab: str) -> str:
        """Return all that a tab of the program's shows, a line a row."""
        return "\n".join(" | ".join(map(str, row)) for row in self.values(self.words.tabs[tab]))

    def told(self, tab: str, company: str) -> str:
        """Return the lines of a tab of the program's that speak of a company."""
        return "\n".join(line for line in self.shown(tab).splitlines() if company in line)


def serial(day: str) -> float:
    """Return a day as a sheet holds it."""
    return to_serial(date.fromisoformat(day))
