"""Pages of the planning meeting for tests: of a base as its nights have left it, and as a reader of HTML sees them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import Target
from sheetsync.reporting.meeting_pack import Pack, Page, html_of, page_of
from sheetsync.reporting.metrics.facts import Facts

if TYPE_CHECKING:
    from datetime import date

    from tests.builders.base import Base, Night

ROOT = "https://docs.google.com/spreadsheets/d/abc/edit"
VOID = ("meta", "br", "img")
STORY = {
    "en": """
    section   | company | state     | label  | manager | began      | next_step | next_on    | last_contact | amount  | refusal_reason | phone
    working   | Alpha   | Contact 1 | large  | Ann     | 2026-02-20 | call      | 2026-03-20 | 2026-02-20   |         |                | +12025550101
    working   | Beta    | Contact 2 | large  | Ann     | 2026-02-20 | offer     | 2026-03-03 | 2026-02-20   | 20000   |                | +12025550102
    working   | Gamma   | Deal      | large  | Bob     | 2026-02-20 | invoice   | 2026-03-20 | 2026-02-20   | 400000  |                | +12025550103
    working   | Delta   | Contact 3 | medium | Bob     | 2026-02-20 | meeting   | 2026-03-20 | 2026-02-20   | 50000   |                | +12025550104
    working   | Epsilon | Contact 1 | small  | Ann     | 2026-02-20 | letter    | 2026-03-20 | 2026-02-20   |         |                | +12025550105
    call_base | Zeta    | New       | large  |         |            |           |            |              |         |                | +12025550106
    clients   | Eta     | Client    | large  | Bob     |            |           |            |              | 90000   |                | +12025550107
    """,
    "ru": """
    section   | company       | state     | label     | manager | began      | next_step      | next_on    | last_contact | amount  | refusal_reason | phone
    working   | ООО «Альфа»   | 1 контакт | крупный   | Иванов  | 2026-02-20 | перезвонить    | 2026-03-20 | 2026-02-20   |         |                | +79035550101
    working   | АО «Бета»     | 2 контакт | крупный   | Иванов  | 2026-02-20 | отправить КП   | 2026-03-03 | 2026-02-20   | 20000   |                | +79035550102
    working   | ИП Гаммов     | Сделка    | крупный   | Петрова | 2026-02-20 | выставить счёт | 2026-03-20 | 2026-02-20   | 400000  |                | +79035550103
    working   | ООО «Дельта»  | 3 контакт | средний   | Петрова | 2026-02-20 | встреча        | 2026-03-20 | 2026-02-20   | 50000   |                | +79035550104
    working   | Эпсилон       | 1 контакт | маленький | Иванов  | 2026-02-20 | письмо         | 2026-03-20 | 2026-02-20   |         |                | +79035550105
    call_base | Дзета         | Новый     | крупный   |         |            |                |            |              |         |                | +79035550106
    clients   | Эта           | Клиент    | крупный   | Петрова |            |                |            |              | 90000   |                | +79035550107
    """,
}
"""A small base on 2 March."""
DEEDS: dict[str, tuple[dict[str, dict[str, str]], ...]] = {
    "en": (
        {"Alpha": {"state": "Contact 2", "last_contact": "2026-02-25"}},
        {
            "Gamma": {"state": "Deal support"},
            "Delta": {"state": "Refusal", "refusal_reason": "No money"},
        },
    ),
    "ru": (
        {"ООО «Альфа»": {"state": "2 контакт", "last_contact": "2026-02-25"}},
        {
            "ИП Гаммов": {"state": "Сопровождение сделки"},
            "ООО «Дельта»": {"state": "Отказ", "refusal_reason": "Нет денег"},
        },
    ),
}
"""What people did before the second and the third night."""
NIGHTS = ("2026-02-22", "2026-02-25", "2026-03-04", "2026-03-05")


def with_plan(policy: Policy, month: date, **wanted: float) -> Policy:
    """Return a policy with a plan for a month."""
    return policy.model_copy(update={"targets": (Target(month=month, **wanted),)})


def facts_of(base: Base, night: Night) -> Facts:
    """Return what is known after a night."""
    return Facts(night.projection, base.policy, base.journal)


def page(
    base: Base, night: Night, pack: Pack = "week", root: str = "", policy: Policy | None = None
) -> Page:
    """Return the page after a night, in the language of the base; `policy`: with a plan for the month."""
    facts = Facts(night.projection, policy or base.policy, base.journal)
    return page_of(facts, language(facts.policy.words.language), pack, root)


def played(play: type[Base], code: str) -> tuple[Base, Night]:
    """Play the story's nights."""
    base = play(STORY[code], template(code))
    base.night(NIGHTS[0])
    for day, deeds in zip(NIGHTS[1:], DEEDS[code], strict=False):
        for company, changes in deeds.items():
            base.row(company).update(changes)
        base.night(day)
    return base, base.night(NIGHTS[-1])


class Reader(HTMLParser):
    """Reads a page strictly: every element is closed where it was opened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element."""
        self.elements.append((tag, dict(attrs)))
        self.ids += [str(value) for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element that closes itself."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close an element, the last one that was opened."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Take a text."""
        if self.open and self.open[-1] != "style" and data.strip():
            self.texts.append(" ".join(data.split()))

    @property
    def links(self) -> list[str]:
        """Where the page leads, its own places left out."""
        found = [str(attributes.get("href")) for tag, attributes in self.elements if tag == "a"]
        return [href for href in found if not href.startswith("#")]


def read(html: str) -> Reader:
    """Read a page; it must be well-formed, and every place of its own that it names must be there once."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    assert len(reader.ids) == len(set(reader.ids))
    for _, attributes in reader.elements:
        href = attributes.get("href") or ""
        named = [href[1:]] if href.startswith("#") else []
        named += (attributes.get("aria-labelledby") or "").split() + (
            attributes.get("aria-describedby") or ""
        ).split()
        assert set(named) <= set(reader.ids)
    return reader


def html(of: Page, code: str = "en") -> str:
    """Return a page as HTML."""
    return html_of(of, language(code))
