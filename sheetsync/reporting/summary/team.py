"""Managers on the summary: by state and against the limit, as it stands; load and overdue steps by age, against before."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout.model import Anchor, ReportCell, ReportLine, bar, named
from sheetsync.reporting.metrics import Figures, explained
from sheetsync.reporting.metrics.current_load import AGE_CODES, AGES
from sheetsync.reporting.metrics.periods import month, week
from sheetsync.reporting.summary.offers import figure_cell, heading, heads
from sheetsync.reporting.tabs.companies_behind_figures import FigureLists, row_refs

MARKS = ("overdue", "no_step", "closing", "fill")
"""What is counted beside the states: each is a block of a manager's own sheet."""
ORDER = {
    "overdue": ["next_on", "company", "row"],
    "no_step": ["last_contact", "company", "row"],
    "closing": ["left", "company", "row"],
    "fill": ["manager", "company", "row"],
}
TALL = 34


class TeamBlocks:
    """Words the managers' blocks. `titles`: each manager's tab; `states`: those of the working list, in their order."""

    def __init__(
        self,
        figures: Figures,
        language: Language,
        titles: dict[str, str],
        states: list[str],
        lists: FigureLists,
    ) -> None:
        self.figures, self.facts, self.policy = figures, figures.facts, figures.facts.policy
        self.language, self.titles, self.states, self.lists = language, titles, states, lists
        self.rows = self.facts.rows.assign(manager=self.facts.rows["manager"].fillna(""))
        self.working = self.rows[self.rows["working"]]
        order = self.working.sort_values(ORDER["overdue"], na_position="first")
        self.places = {
            key: tuple(map(int, at))
            for key, at in order.groupby(["manager", "state"]).groups.items()
        }
        self.late = dict(iter(order[order["overdue"]].groupby("manager")))
        nobody = (self.working["manager"] == "").any()
        self.names = [*titles, *([""] if nobody else [])]
        self.counted = {
            "overdue": self.language.text("Overdue"),
            "no_step": self.language.text("No step"),
            "closing": self.language.text("Deadline ≤ {n} days", n=self.facts.warn_days[-1]),
            "fill": self.language.text("To fill in"),
        }

    def managers(self) -> list[ReportLine]:
        """Return managers against the cap and by state, those rows that nobody leads, and the totals."""
        text = self.language.text
        note = text(
            "load is counted without clients and deals being supported; the limit is {max}",
            max=self.policy.cap.max,
        )
        if self.facts.one_limit is None:
            note = text(
                "load is counted without clients and deals being supported; some have a limit of their own"
            )
        states = pd.crosstab(self.working["manager"], self.working["state"]).reindex(
            columns=self.states, fill_value=0
        )
        marks = ["load", *MARKS]
        counts = self.rows[marks].astype("int64").groupby(self.rows["manager"]).sum()
        table = (
            counts.join(states).reindex(columns=[*marks, *self.states]).fillna(0).astype("int64")
        )
        table = table.reindex(self.names, fill_value=0)
        lines = [
            self._manager(name, {str(k): int(v) for k, v in table.loc[name].items()})
            for name in self.names
        ]
        total = {str(key): int(count) for key, count in table.sum().items()}
        return [
            *heading("managers", text("Managers"), note),
            self._heads(),
            *lines,
            self._total(total),
        ]

    def _heads(self) -> ReportLine:
        text, one = self.language.text, self.facts.one_limit
        numbers = [
            (named("states", code, self.policy), explained("in_state", self.language))
            for code in self.states
        ]
        numbers += [(word, explained(key, self.language)) for key, word in self.counted.items()]
        first = (
            ReportCell(self.policy.words.name("columns", "manager"), "head"),
            ReportCell(text("Load"), "head_right", None, explained("load", self.language)),
            ReportCell(
                text("of the limit") if one is None else text("of {max}", max=one),
                "head_center",
                None,
                explained("cap", self.language),
            ),
        )
        return ReportLine(
            "columns:managers",
            (*first, *(ReportCell(w, "head_right", None, how) for w, how in numbers)),
            TALL,
        )

    def _manager(self, name: str, counts: dict[str, int]) -> ReportLine:
        load, cap = counts["load"], self.facts.limit(name)
        over = bool(name) and load > cap
        told = bar(load, cap) if self.facts.one_limit is not None else f"{bar(load, cap)} {cap}"
        drawn = ReportCell(told if name else None, "bar_red" if over else "bar")
        looks = {"overdue": "number_red", "closing": "number_amber"}
        links = self._links(name, load)
        numbers = [(key, counts[key], looks.get(key, "number")) for key in (*self.states, *MARKS)]
        cells = (figure_cell(count, style, links.get(key)) for key, count, style in numbers)
        shown = ReportCell(
            load, "number_red" if over else "number", links["load"] if load else None
        )
        return ReportLine(f"managers:{name}", (self._who(name), shown, drawn, *cells))

    def _who(self, name: str) -> ReportCell:
        if not name:
            return ReportCell(self.language.text("— no manager —"), "text_red")
        return ReportCell(name, "link", (f"tab:{self.titles[name]}", 1))

    def _links(self, name: str, load: int) -> dict[str, Anchor | None]:
        """Return where a manager's figures lead: states to lists of their own, all else to the blocks of the manager's sheet."""
        spoken, limit = name or self.language.text("— no manager —"), self.facts.limit(name)
        told = (
            self.language.text("load {n} of {max}", n=load, max=limit)
            if name
            else self.language.text("load {n}", n=load)
        )
        links: dict[str, Anchor | None] = {}
        if any((name, code) in self.places for code in self.states):
            links["load"] = self.lists.group(f"working:{name}", f"{spoken} · {told}")
        for code in self.states:
            title = f"{spoken} · {named('states', code, self.policy)}"
            links[code] = self.lists.to(
                f"state:{name}:{code}", title, self.places.get((name, code), ())
            )
        for key in MARKS:
            links[key] = (
                Anchor(f"manager:{name}", f"head:{key}") if name else self._marked(key, name)
            )
        return {"load": None, **links}

    def _marked(self, key: str, name: str | None) -> Anchor | None:
        """List the rows of a mark: of a manager ("": nobody), of all (None)."""
        rows = self.rows[self.rows[key] & (True if name is None else self.rows["manager"] == name)]
        chosen = row_refs(rows.sort_values(ORDER[key], na_position="first"))
        title = (
            self.counted[key]
            if name is None
            else f"{self.language.text('— no manager —')} · {self.counted[key]}"
        )
        listed = f"{key}:nobody" if name == "" else key
        return self.lists.to(
            listed,
            title,
            chosen,
            explained(key, self.language),
            self.lists.left if key == "closing" else None,
        )

    def _total(self, total: dict[str, int]) -> ReportLine:
        links: dict[str, Anchor | None] = {}
        self.lists.group("all", self.language.text("All managers"))
        for code in self.states:
            title = named("states", code, self.policy)
            links[code] = (
                self.lists.parts(f"state:{code}", title, self._by_manager(code))
                if total[code]
                else None
            )
        links |= {key: self._marked(key, None) for key in ("no_step", "closing", "fill")}
        links["overdue"] = Anchor("figures", "group:overdue")
        numbers = (
            ReportCell(total[key], "total_number", links[key] if total[key] else None)
            for key in (*self.states, *MARKS)
        )
        load = ReportCell(total["load"], "total_number", ("working", 1))
        whole = ReportCell(self.language.text("Total"), "total")
        return ReportLine("managers:total", (whole, load, ReportCell(None, "total"), *numbers))

    def _by_manager(self, code: str) -> Iterator[tuple[str, int, Anchor | None]]:
        for name in (name for name in self.names if (name, code) in self.places):
            spoken, count = (
                name or self.language.text("— no manager —"),
                len(self.places[name, code]),
            )
            yield spoken, count, Anchor("figures", f"head:state:{name}:{code}")

    def ages(self) -> list[ReportLine]:
        """Return load and overdue steps by manager, by how late they are, and as they were a week and a month ago."""
        text = self.language.text
        self._aged_lists()
        then = [
            self.figures.counts.last(period(self.facts.today).before) for period in (week, month)
        ]
        ago = (text("A week ago"), text("A month ago"))
        kept = text(
            "As it was counted in the Journal on the same day of the week, or of the month, before."
        )
        ages = [
            (self._age(least, most), explained("overdue", self.language)) for least, most in AGES
        ]
        past = [(word, kept) for word in ago]
        load, late = (
            (text("Load"), explained("load", self.language)),
            (text("Overdue"), explained("overdue", self.language)),
        )
        names = heads(self.policy.words.name("columns", "manager"), load, *past, late, *ages, *past)
        note = text("days late; — was not counted then") if None in then else text("days late")
        return [
            *heading("ages", text("Load and overdue steps by manager"), note),
            ReportLine("columns:ages", names, TALL),
            *(self._aged(name, then) for name in self.names),
            self._aged(None, then),
        ]

    def _age(self, least: int, most: int | None) -> str:
        text = self.language.text
        return (
            text("more than {n} days", n=least - 1)
            if most is None
            else text("{least}–{most} days", least=least, most=most)
        )

    def _aged(self, name: str | None, then: list[date | None]) -> ReportLine:
        """Return the line of a manager ("": nobody), of all (None)."""
        numbers, counts = self.figures.stocks.numbers(name), self.figures.counts
        past = {
            code: [None if day is None else counts.on(day, code, name) for day in then]
            for code in ("load", "overdue")
        }
        links = self._links_aged(name)
        looks = ("total_number", "total_number") if name is None else ("number", "number_red")
        load_link = ("working", 1) if name is None else Anchor("figures", f"group:working:{name}")
        cells = (
            self._who(name)
            if name is not None
            else ReportCell(self.language.text("Total"), "total"),
            figure_cell(numbers["load"], looks[0], load_link),
            *(figure_cell(value, "number_past") for value in past["load"]),
            figure_cell(numbers["overdue"], looks[1], links["overdue"]),
            *(figure_cell(numbers[code], looks[0], links[code]) for code in AGE_CODES),
            *(figure_cell(value, "number_past") for value in past["overdue"]),
        )
        return ReportLine(f"ages:{'total' if name is None else name}", cells)

    def _links_aged(self, name: str | None) -> dict[str, Anchor | None]:
        """Return where the figures lead: on the manager's own sheet to the first step of that age, else to lists."""
        if name is None:
            return {
                "overdue": Anchor("figures", "group:overdue"),
                **{code: Anchor("figures", f"head:{code}") for code in AGE_CODES},
            }
        if not name:
            return dict.fromkeys(("overdue", *AGE_CODES), Anchor("figures", "head:overdue:nobody"))
        late = self.late.get(name, self.working[:0])
        links: dict[str, Anchor | None] = {"overdue": Anchor(f"manager:{name}", "head:overdue")}
        for code, (least, most) in zip(AGE_CODES, AGES, strict=True):
            aged = late[late["late"].between(least, most or float("inf"))]
            line = f"overdue:{aged['id'].iloc[0]}" if len(aged) else ""
            links[code] = Anchor(f"manager:{name}", line, "head:overdue")
        return links

    def _aged_lists(self) -> None:
        """List everybody's overdue steps by how late they are, the oldest first."""
        late = self.rows[self.rows["overdue"]].sort_values(ORDER["overdue"])
        if len(late):
            title = self.language.text("Overdue steps")
            self.lists.group("overdue", f"{title} · {self.language.number(len(late))}")
        for code, (least, most) in reversed([*zip(AGE_CODES, AGES, strict=True)]):
            aged = late[late["late"].between(least, most or float("inf"))]
            title = f"{self.language.text('Overdue')} · {self._age(least, most)}"
            self.lists.to(code, title, row_refs(aged), explained("overdue", self.language))
