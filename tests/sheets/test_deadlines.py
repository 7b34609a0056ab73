"""A server that sends a byte now and then, or one that never ends, holds no run."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests

from sheetsync.sheets.connection.bounded import BoundedAdapter, OverDeadline, TooLarge
from tests.builders.bench import Shell

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def serving(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """Answer every connection with what `speak` does to it; the address."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def answer(client: socket.socket) -> None:
        with client:
            try:
                client.recv(65536)
                speak(client)
            except OSError:
                return

    def accept() -> None:
        while not ended.is_set():
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(client,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def drip(before: bytes) -> Callable[[socket.socket], None]:
    """Return what sends something whole, and then a byte now and then without end."""

    def speak(client: socket.socket) -> None:
        client.sendall(before)
        while True:
            client.sendall(b"X")
            time.sleep(0.02)

    return speak


@pytest.mark.parametrize(
    "before",
    [b"", b"HTTP/1.1 200 OK\r\nX-Long: ", HEAD + b"Content-Length: 100000\r\n\r\n", HEAD + b"\r\n"],
    ids=["the first line", "a header", "a body", "a body of no length"],
)
def test_a_request_ends_in_time_wherever_the_server_drips(before: bytes) -> None:
    with serving(drip(before)) as root, requests.Session() as session:
        session.mount("http://", BoundedAdapter(0.3))
        with pytest.raises(OverDeadline):
            session.get(root, timeout=5)


def test_an_answer_that_would_fill_the_memory_is_given_up() -> None:
    bomb = gzip.compress(b"0" * 1_000_000)
    packed = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb) + bomb
    with serving(lambda client: client.sendall(packed)) as root, requests.Session() as session:
        session.mount("http://", BoundedAdapter(5, largest=100_000))
        with pytest.raises(TooLarge):
            session.get(root, timeout=5)


def test_an_answer_in_time_is_read_whole_and_the_connection_kept() -> None:
    body = b'{"a": 1}'
    seen: list[int] = []

    def speak(client: socket.socket) -> None:
        whole = HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
        seen.append(1)
        client.sendall(whole)
        client.recv(65536)
        client.sendall(whole)

    with serving(speak) as root, requests.Session() as session:
        session.mount("http://", BoundedAdapter(5))
        assert [session.get(root, timeout=5).json() for _ in range(2)] == [{"a": 1}] * 2
    assert seen == [1]


def test_a_run_over_a_dripping_server_ends_with_a_sentence(
    sheetsync: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sheetsync.sheets.connection.open_book.DEADLINES", 0.01)
    with serving(drip(HEAD + b"Content-Length: 100000\r\n\r\n")) as root:
        monkeypatch.setenv("SHEETSYNC_API_ENDPOINT", root)
        told = sheetsync("plan", "book")
    told.complains(3)
    assert "nothing was changed" in told.err


def test_a_run_that_waits_for_too_long_altogether_gives_up(
    sheetsync: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sheetsync.sheets.connection.open_book.PATIENCE", -1)
    monkeypatch.setenv("SHEETSYNC_API_ENDPOINT", "http://127.0.0.1:9")
    told = sheetsync("plan", "book")
    told.complains(3)
    assert "too slow" in told.err
