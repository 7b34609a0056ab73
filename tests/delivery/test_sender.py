"""What really goes over the wire to each kind of service: plain text, nothing of the rows' come alive, no secret told when it fails."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import responses

from sheetsync.delivery.recipients import DeliveryRoute
from sheetsync.delivery.sender import send, understood
from sheetsync.i18n import language
from sheetsync.method.terms import Person
from sheetsync.reporting.messages import Message
from tests.builders.letters import Office, office

EN = language("en")
HOSTILE = (
    '• <b>Bold</b> *a* _b_ `c` [d](http://e) :smile: \\n <!channel> <@U1> <script>x</script> & "q"'
)
DIGEST = Message(
    "manager",
    Person(name="Ann"),
    "To do: 1 <i>&",
    (HOSTILE, "• Ромашка — шаг"),
    ("k",),
    1,
    "https://docs.google.com/x_y_z#gid=1",
)
TOKEN = "AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ"
TELEGRAM = f"tgram://123456789:{TOKEN}/555"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/%23sales"
DISCORD = "discord://123456789012345678/abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz123456"


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def post() -> Iterator[Office]:
    with office() as opened:
        yield opened


def sent(wire: responses.RequestsMock) -> Any:
    (call,) = wire.calls
    body = call.request.body
    assert body is not None
    return json.loads(body)


def test_telegram_gets_text_whose_signs_are_only_signs(wire: responses.RequestsMock) -> None:
    wire.post(f"https://api.telegram.org/bot123456789:{TOKEN}/sendMessage", json={"ok": True})
    assert send(DeliveryRoute("tgram", TELEGRAM), DIGEST, 5, EN) == ""
    body = sent(wire)
    assert body["chat_id"] == 555
    assert "&lt;b&gt;Bold&lt;/b&gt;" in body["text"]
    assert "<script" not in body["text"]
    assert ":smile: \\n" in body["text"], "neither emojis nor escapes are interpreted"
    assert "Ромашка — шаг" in body["text"]
    assert body["text"].endswith("https://docs.google.com/x_y_z#gid=1")


def test_slack_gets_no_mention_of_the_whole_channel(wire: responses.RequestsMock) -> None:
    wire.post(
        "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", body="ok"
    )
    assert send(DeliveryRoute("slack", SLACK), DIGEST, 5, EN) == ""
    body = sent(wire)
    (part,) = body["attachments"]
    assert (body["channel"], body["mrkdwn"]) == ("#sales", False)
    assert "&lt;!channel&gt;" in part["text"]
    assert "<!channel>" not in json.dumps(body)


def test_a_service_that_reads_markdown_in_plain_text_gets_it_escaped(
    wire: responses.RequestsMock,
) -> None:
    wire.post(
        "https://discord.com/api/webhooks/123456789012345678/abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz123456"
    )
    assert send(DeliveryRoute("discord", DISCORD), DIGEST, 5, EN) == ""
    content = sent(wire)["content"]
    assert "\\*a\\* \\_b\\_ \\`c\\` \\[d\\]" in content
    assert "\\<@U1\\>" in content
    assert "https://docs.google.com/x_y_z#gid=1" in content


def test_a_service_that_takes_markdown_alone_gets_it_escaped_and_the_link_whole(
    wire: responses.RequestsMock,
) -> None:
    wire.post("https://chat.googleapis.com/v1/spaces/work/messages", json={})
    assert send(DeliveryRoute("gchat", "gchat://work/key1234/token1234"), DIGEST, 5, EN) == ""
    text = sent(wire)["text"]
    assert "https://docs.google.com/x_y_z#gid=1" in text
    assert "*a*" not in text.replace("\\*a\\*", "")


def test_a_service_of_json_gets_the_text_as_it_is(wire: responses.RequestsMock) -> None:
    wire.post("http://localhost:8080/in", json={})
    assert send(DeliveryRoute("json", "json://localhost:8080/in"), DIGEST, 5, EN) == ""
    assert (sent(wire)["title"], sent(wire)["message"]) == (DIGEST.title, DIGEST.body())


def test_an_email_is_text_with_one_subject_and_one_recipient(post: Office) -> None:
    url = post.template.replace("{email}", "ann%40firm.com")
    assert send(DeliveryRoute("mailto", url), DIGEST, 10, EN) == ""
    (letter,) = post.letters
    assert post.received() == ["ann@firm.com"]
    assert letter["Subject"] == DIGEST.title
    text = post.bodies()[0]
    assert "Ромашка — шаг" in text
    assert HOSTILE in text
    html = letter.get_body(("html",))
    assert html is None or "<script" not in str(html)


def test_a_title_with_a_line_break_adds_no_header(post: Office) -> None:
    made = Message("head", Person(), "To do\r\nBcc: eve@firm.com", ("• x",), (), 1)
    url = post.template.replace("{email}", "ann%40firm.com")
    send(DeliveryRoute("mailto", url), made, 10, EN)
    assert [letter["Bcc"] for letter in post.letters] in ([], [None])
    assert "eve@firm.com" not in post.received()


def test_a_refused_login_is_told_without_the_password(post: Office) -> None:
    post.refuses = True
    why = send(
        DeliveryRoute("mailto", post.template.replace("{email}", "ann%40firm.com")), DIGEST, 10, EN
    )
    assert why
    assert "Geheim99" not in why
    assert "robot" not in why


def test_a_server_that_never_answers_is_given_up_in_time(post: Office) -> None:
    post.deaf = True
    why = send(
        DeliveryRoute("mailto", post.template.replace("{email}", "ann%40firm.com")), DIGEST, 0.5, EN
    )
    assert why == "no answer within 0 s" or "s" in why
    assert not post.letters


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_a_service_that_refuses_is_told_without_its_token(
    wire: responses.RequestsMock, status: int
) -> None:
    said = {"ok": False, "description": f"Unauthorized bot 123456789:{TOKEN}", "error_code": status}
    wire.post(
        f"https://api.telegram.org/bot123456789:{TOKEN}/sendMessage", status=status, json=said
    )
    why = send(DeliveryRoute("tgram", TELEGRAM), DIGEST, 5, EN)
    assert why
    assert TOKEN not in why
    assert "123456789" not in why


def test_a_network_that_is_down_is_told_and_nothing_is_raised(
    wire: responses.RequestsMock,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = f"https://api.telegram.org/bot123456789:{TOKEN}/sendMessage"
    wire.post(url, body=requests.ConnectionError(f"no route to {url}"))
    with caplog.at_level(logging.DEBUG):
        why = send(DeliveryRoute("tgram", TELEGRAM), DIGEST, 5, EN)
    said = capsys.readouterr()
    assert why
    assert TOKEN not in why + caplog.text + said.out + said.err


@pytest.mark.parametrize(
    "url", ["", "://", "nosuch://x", "tgram://", "mailto://", "tgram://[", "slack://?"]
)
def test_an_address_that_is_not_understood_is_told_and_sends_nothing(url: str) -> None:
    assert not understood(DeliveryRoute("x", url))
    assert send(DeliveryRoute("x", url), DIGEST, 5, EN) == "the address is not understood"


def test_a_message_longer_than_a_service_takes_comes_whole_or_shortened_but_comes(
    wire: responses.RequestsMock,
) -> None:
    wire.post(f"https://api.telegram.org/bot123456789:{TOKEN}/sendMessage", json={"ok": True})
    long = Message(
        "head", Person(), "To do", tuple(f"• {n} {'x' * 280}" for n in range(40)), (), 40
    )
    assert send(DeliveryRoute("tgram", TELEGRAM), long, 5, EN) == ""
    texts = [json.loads(call.request.body or "")["text"] for call in wire.calls]
    assert all(len(text) <= 4096 for text in texts)
    assert [n for n in range(40) if not any(f"• {n} " in text for text in texts)] == []
