"""The policy: its templates are whole, its mistakes are told all at once, and nobody changes it in passing."""

import tomllib
from copy import deepcopy
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from sheetsync.errors import PolicyError
from sheetsync.method.policy import Policy, build, template, templates_folder
from sheetsync.method.terms import SPECIAL, Manager
from sheetsync.workbook.snapshot import OWN

LANGUAGES = ["ru", "en"]
KINDS = ["sections", "labels", "categories", "states", "reasons"]


def parts(language: str = "en") -> tuple[dict[str, Any], dict[str, Any]]:
    """Read a template's two files, to be broken by a test."""
    folder = templates_folder()
    method = tomllib.loads((folder / "method.toml").read_text(encoding="utf-8"))
    words = tomllib.loads((folder / language / "words.toml").read_text(encoding="utf-8"))
    return deepcopy(method), deepcopy(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_has_a_name_for_every_code(language: str) -> None:
    policy = template(language)
    assert policy.words.language == language
    for kind in KINDS:
        assert all(policy.words.name(kind, code) for code in policy.codes(kind))
        assert set(getattr(policy.words, kind)) == set(policy.codes(kind))
    assert set(policy.words.columns) == set(policy.column)
    volumes = {"journal_quarter", "journal_month"}
    assert set(policy.words.tabs) == {"manager", "mixed", *volumes, *OWN}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*KINDS, "columns"])
def test_no_spelling_of_a_template_means_two_things(language: str, kind: str) -> None:
    spoken = getattr(template(language).words, kind)
    words = [word.casefold() for spellings in spoken.values() for word in spellings]
    assert sorted(words) == sorted(set(words))


def test_the_numbers_are_those_of_the_method() -> None:
    policy = template("ru")
    assert {label.code: label.deadline_days for label in policy.labels} == {
        "large": 40,
        "medium": 30,
        "small": 14,
        "off_profile": 14,
    }
    assert (policy.cap.min, policy.cap.max, policy.cap.refill) == (50, 90, "propose")
    assert (policy.section["rework"].return_days, policy.section["strategic"].return_days) == (
        90,
        180,
    )
    assert policy.time.warn_days == (7, 3, 1)
    assert (
        policy.time.new_in_working_days,
        policy.time.repeat_sale_days,
        policy.time.hold_days,
    ) == (3, 90, 7)
    assert policy.states_where("clocked") == ("contact_1", "contact_2", "contact_3")
    assert policy.states_where("in_work") == ("contact_1", "contact_2", "contact_3", "deal")
    assert policy.states_where("counts_to_cap") == (
        "new",
        "contact_1",
        "contact_2",
        "contact_3",
        "deal",
    )


def test_both_templates_state_one_method() -> None:
    without = {"words", "other_words"}
    assert template("ru").model_dump(exclude=without) == template("en").model_dump(exclude=without)


def test_every_mistake_of_a_broken_policy_is_told_at_once() -> None:
    method, words = parts()
    method["on_expiry"][0]["to"] = "attic"
    method["on_expiry"][2]["state"] = "asleep"
    method["on_expiry"][3]["reason"] = "moon"
    method["on_expiry"][2]["when"]["reached"] = ["contact_9"]
    method["by_state"][1]["when"]["section"] = ["cellar"]
    method["by_state"][2]["when"]["label"] = ["tiny"]
    method["reasons"][0]["section"] = "garage"
    method["states"][0]["requires"] = ["horoscope"]
    method["states"][1]["next"] = ["nirvana"]
    method["cap"] = {"min": 99, "max": 9, "refill": "off"}
    del words["states"]["deal"]
    del words["columns"]["phone"]
    with pytest.raises(PolicyError) as refused:
        build(method, words)
    told = [
        "attic",
        "asleep",
        "moon",
        "contact_9",
        "cellar",
        "tiny",
        "garage",
        "horoscope",
        "nirvana",
        "min 99 is over max 9",
        "states 'deal'",
        "'phone'",
    ]
    assert [word for word in told if word not in refused.value.message] == []
    assert refused.value.fix


def test_every_malformed_value_is_told_at_once_and_by_its_place() -> None:
    method, words = parts()
    method["labels"][0]["deadline_days"] = 0
    method["labels"][1]["deadline_days"] = "soon"
    method["cap"]["refill"] = "maybe"
    method["safety"]["max_moved_share"] = 2
    method["time"]["snooze_days"] = 5
    del method["version"]
    with pytest.raises(PolicyError) as refused:
        build(method, words)
    lines = refused.value.message.splitlines()
    assert sorted(line.split(":")[0] for line in lines) == [
        "cap.refill",
        "labels.0.deadline_days",
        "labels.1.deadline_days",
        "safety.max_moved_share",
        "time.snooze_days",
        "version",
    ]


@pytest.mark.parametrize("rules", ["on_expiry", "by_state"])
@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ({"to": "nowhere"}, "rule mine: no section 'nowhere'"),
        ({"to": "rework", "state": "gone"}, "rule mine: no state 'gone'"),
        ({"to": "rework", "reason": "whim"}, "rule mine: no reason 'whim'"),
        ({"to": "rework", "when": {"section": ["x"]}}, "rule mine: no section 'x'"),
        ({"to": "rework", "when": {"state": ["x"]}}, "rule mine: no state 'x'"),
        ({"to": "rework", "when": {"label": ["x"]}}, "rule mine: no label 'x'"),
        ({"to": "rework", "when": {"reached": ["x"]}}, "rule mine: no reached 'x'"),
    ],
)
def test_a_rule_that_names_what_does_not_exist_is_refused(
    rules: str, broken: dict[str, Any], told: str
) -> None:
    method, words = parts()
    method[rules].append({"name": "mine", **broken})
    with pytest.raises(PolicyError, match=told):
        build(method, words)


@pytest.mark.parametrize("special", SPECIAL)
def test_a_rule_may_end_in_a_special_word(special: str) -> None:
    method, words = parts()
    method["by_state"].append({"name": "mine", "to": special})
    assert build(method, words).by_state[-1].to == special


def test_a_business_adds_its_own_words() -> None:
    method, words = parts()
    method["categories"].append("bakery")
    words["categories"]["bakery"] = ["Bakery"]
    assert build(method, words).words.name("categories", "bakery") == "Bakery"


def models_in(value: object) -> list[BaseModel]:
    """Return every model within a value, however deep."""
    if isinstance(value, BaseModel):
        return [
            value,
            *(
                found
                for name in type(value).model_fields
                for found in models_in(getattr(value, name))
            ),
        ]
    return (
        [found for entry in value for found in models_in(entry)] if isinstance(value, tuple) else []
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_a_policy_can_be_set(language: str) -> None:
    found = models_in(template(language))
    assert len(found) > 80
    for model in found:
        for name in type(model).model_fields:
            assert not isinstance(getattr(model, name), list | set)
            with pytest.raises(ValidationError):
                setattr(model, name, getattr(model, name))


def test_a_policy_is_read_once() -> None:
    assert template("en") is template("en")
    assert isinstance(template("en"), Policy)


def test_a_changed_copy_looks_up_what_it_holds_itself() -> None:
    policy = template("en")
    assert policy.member == {}
    assert [*policy.model_copy(update={"team": (Manager(name="Ann"),)}).member] == ["Ann"]
    assert policy.member == {}
