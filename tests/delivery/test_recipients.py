"""From a person's e-mail or chat to apprise's address: no secret on the Settings tab, none in what is shown."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetsync.config import Notify
from sheetsync.delivery.recipients import Reach, channels_of, mistake, operator, reach
from sheetsync.delivery.sender import understood
from sheetsync.i18n import language
from sheetsync.method.terms import Person
from tests.places import DOCS

EN = language("en")
MAIL = "mailto://robot:word@smtp.firm.com?to={email}"
TELEGRAM = "tgram://123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ/{address}"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/{address}"


def reached(person: Person, *templates: str) -> Reach:
    return reach(person, channels_of(Notify.model_validate({"channels": templates})), EN)


def urls(person: Person, *templates: str) -> list[str]:
    return [route.url for route in reached(person, *templates).routes]


def test_each_channel_is_filled_with_what_it_asks_for() -> None:
    ann = Person(name="Ann", email="Ann@Firm.com", address="-1001234")
    assert urls(ann, MAIL, TELEGRAM) == [
        "mailto://robot:word@smtp.firm.com?to=ann%40firm.com",
        "tgram://123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ/-1001234",
    ]
    assert [route.name for route in reached(ann, MAIL, TELEGRAM, MAIL).routes] == [
        "mailto",
        "mailto.2",
        "tgram",
    ]


@pytest.mark.parametrize(
    "address", ["tgram:555", "TGRAM:555", "tgram:555, slack:#sales", "slack:#sales tgram:555"]
)
def test_a_prefix_says_whose_address_it_is(address: str) -> None:
    found = urls(Person(address=address), TELEGRAM, SLACK)
    assert any(url.endswith("QQ/555") for url in found)
    assert any(url.endswith("/%23sales") for url in found) is ("slack" in address)


def test_an_address_that_may_be_anybodys_is_asked_about_and_not_guessed() -> None:
    found = reached(Person(address="555"), TELEGRAM, SLACK)
    assert found.routes == ()
    assert found.faults == ("It is not clear whose address “555” is: write tgram:…, slack:…",)
    assert reached(Person(address="viber:555"), TELEGRAM).faults == (
        "sheetsync.toml has no channel viber.",
    )


@pytest.mark.parametrize(
    "secret",
    [
        "tgram://123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ/555",
        "  mailto://me:word@host",
        "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ",
        "xoxb-1234-1234-abc124",
        "tgram:555, xoxb-1234-1234-abc124",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9eyJzdWIiOiIxMjM0NTY3ODkw",
    ],
)
def test_what_looks_like_a_secret_is_refused_and_not_said_again(secret: str) -> None:
    found = reached(Person(address=secret), TELEGRAM)
    assert found.routes == ()
    (said,) = found.faults
    assert "looks like a secret" in said
    assert not any(part in said for part in ("AAbb", "word", "xoxb", "eyJ", "555"))


@pytest.mark.parametrize(
    "email", ["no address", "a@b", "a@b.com, c@d.com", "a@b.com\nBcc: c@d.com", "<script>@x.com"]
)
def test_an_email_that_is_not_one_address_is_refused(email: str) -> None:
    found = reached(Person(email=email), MAIL)
    assert found.routes == ()
    assert "is not one e-mail address" in found.faults[0]


@given(st.text(min_size=1))
def test_whatever_an_address_is_it_stays_within_its_place(address: str) -> None:
    head, _, tail = TELEGRAM.partition("{address}")
    for url in urls(Person(address=address), TELEGRAM):
        assert url.startswith(head)
        assert not set(url[len(head) :].removesuffix(tail)) & set("/?#@:&= \r\n")


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("tgram://TOKEN/555", "reaches nobody"),
        ("mailto://a:b@c?to={email}&cc={address}", "asks for two addresses"),
        ("smtp.firm.com", "no address of apprise"),
        (MAIL, ""),
    ],
)
def test_a_template_that_reaches_nobody_is_told_without_its_secrets(
    template: str, said: str
) -> None:
    (channel,) = channels_of(Notify.model_validate({"channels": [template]}))
    told = mistake(channel, EN)
    assert said in told
    assert bool(said) is bool(told)
    assert "TOKEN" not in told
    assert "555" not in told


def test_no_secret_is_in_what_python_shows_of_them() -> None:
    notify = Notify.model_validate(
        {"channels": [MAIL, TELEGRAM], "operator": TELEGRAM.replace("{address}", "1")}
    )
    found = reached(Person(email="ann@firm.com", address="555"), MAIL, TELEGRAM)
    shown = repr((notify, channels_of(notify), found, operator(notify, EN)))
    assert "word" not in shown
    assert "AAbb" not in shown


def test_the_operator_is_reached_by_a_whole_address_or_through_the_channels() -> None:
    notify = Notify.model_validate(
        {"channels": [MAIL], "operator": ["json://localhost/x", "ops@firm.com", "tgram:1"]}
    )
    found = operator(notify, EN)
    assert [route.name for route in found.routes] == ["operator:json", "operator:mailto"]
    assert found.faults == ("sheetsync.toml has no channel tgram.",)


def test_the_channels_that_the_documentation_shows_are_understood() -> None:
    page = (DOCS / "notify.md").read_text(encoding="utf-8")
    told = tomllib.loads(page.split("```toml")[1].split("```")[0])["notify"]
    notify = Notify.model_validate(
        {**told, "channels": [one.replace("BOT_TOKEN", "AA" * 17) for one in told["channels"]]}
    )
    found = reach(Person(email="ann@firm.com", address="555"), channels_of(notify), EN)
    assert [route.name for route in found.routes] == ["mailtos", "tgram"]
    assert all(understood(route) for route in (*found.routes, *operator(notify, EN).routes))
