"""Everybody on the Settings tab is on the list: who has no company yet, with nought, and a tab of their own."""

from typing import TYPE_CHECKING

import pytest

from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.method.terms import Manager
from sheetsync.reports import reports
from tests.builders.policies import changed

if TYPE_CHECKING:
    from tests.builders.base import Base


@pytest.mark.parametrize(("code", "tab"), [("en", "Overdue · Zoe"), ("ru", "Просрочено · Zoe")])
def test_a_manager_without_a_company_has_a_line_of_nought_and_a_tab(
    play: "type[Base]", code: str, tab: str
) -> None:
    policy = changed(template(code), team=(Manager(name="Zoe"),))
    base = play(
        """
        section | company | state     | label | manager | phone
        working | Acme    | contact_1 | small | Ann     | +12025550101
        """.replace("contact_1", policy.words.name("states", "contact_1")),
        policy,
    )
    night = base.night("2026-03-02")
    sheets = reports(night.projection, policy, language(code), base.journal)
    assert tab in [sheet.title for sheet in sheets]
    (line,) = [line for line in sheets[0].lines if line.key == "managers:Zoe"]
    numbers = [cell.value for cell in line.cells if isinstance(cell.value, int)]
    assert not any(numbers)
