"""All books of a process share an account's minute, and take turns in it; several accounts have several."""

import threading
import time
from types import SimpleNamespace

from sheetsync.sheets.connection.quota import Quota, QuotaKeeper, Turns, Window


def test_no_more_than_so_many_in_any_minute() -> None:
    window = Window(3, 60)
    for second in (0.0, 10.0, 50.0):
        assert window.pause(second) == 0
        window.take(second)
    assert window.pause(50.0) == 10
    assert window.pause(60.0) == 0
    window.take(60.0)
    assert window.pause(60.0) == 10, "the one of the tenth second is still counted"


def test_the_book_that_was_served_longest_ago_is_next() -> None:
    turns = Turns()
    served: list[str] = []
    tickets = [turns.join(book) for book in ("a", "a", "a", "a", "b", "c", "b")]
    while tickets:
        (ticket,) = (one for one in tickets if turns.is_next(one))
        tickets.remove(ticket)
        turns.serve(ticket)
        turns.leave(ticket)
        served.append(ticket[0])
    assert "".join(served) == "abcabaa"


def test_what_the_minute_has_no_room_for_waits_for_the_next() -> None:
    clock = [0.0]

    def sleep(_: threading.Condition, seconds: float | None) -> None:
        assert seconds is not None, "nobody else is there who could wake it"
        clock[0] += seconds

    quota = Quota(Window(2, 60), Window(3, 60), clock=lambda: clock[0], sleep=sleep)
    sent = []
    for _ in range(5):
        quota.wait("a")
        sent.append(clock[0])
    assert sent == [0, 0, 60, 60, 120]


def test_a_book_with_many_requests_does_not_keep_another_waiting() -> None:
    clock = [0.0]
    queue = threading.Semaphore(0)

    def sleep(changed: threading.Condition, _: float | None) -> None:
        queue.release()
        changed.wait()

    quota = Quota(Window(1, 60), Window(9, 60), clock=lambda: clock[0], sleep=sleep)
    served: list[str] = []

    def ask(book: str) -> None:
        quota.wait(book)
        served.append(book)

    ask("a")
    threads = [threading.Thread(target=ask, args=(book,)) for book in ("a", "a", "b")]
    for thread in threads:
        thread.start()
        assert queue.acquire(timeout=5)
    while any(thread.is_alive() for thread in threads):
        clock[0] += 60
        quota.wake()
        time.sleep(0.01)
    assert served == ["a", "b", "a", "a"]


def test_several_accounts_are_several_minutes_of_one_project() -> None:
    keeper = QuotaKeeper()
    key = SimpleNamespace(project_id="ours")
    first, second = keeper.of(key, "a@x"), keeper.of(key, "b@x")
    assert first is keeper.of(key, "a@x")
    assert first["read"] is not second["read"]
    assert first["read"] is not first["write"]
    projects = [quotas["read"].project for quotas in (first, second)]
    assert projects[0] is projects[1]
