"""Figures against an independent count: SQL over the same random Journal, by window functions instead of frames."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.i18n import language
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.funnel import Funnel
from sheetsync.reporting.metrics.periods import Period, Span, month, today_only, week
from sheetsync.rules.draft.projection import Projection
from sheetsync.values import to_serial
from sheetsync.workbook.journal import JournalLine
from tests.builders.base import Base
from tests.builders.journals import EN, ROWS, line

TODAY = date(2026, 3, 19)
STATES = tuple(EN.state)
IDS, MANAGERS = "ABCDE", ("Ann", "Bob", "")
RULES = ("expired", "expired_warm", "refused", "undo", "mend", "", "assigned")

change = st.tuples(
    st.sampled_from(["state", "run", "added", "moved"]),
    st.integers(0, 70),
    st.sampled_from(IDS),
    st.sampled_from(MANAGERS),
    st.sampled_from(STATES),
    st.sampled_from(STATES),
    st.sampled_from(RULES),
    st.none() | st.integers(1, 3),
)
Change = tuple[str, int, str, str, str, str, str, int | None]


def written(changes: list[Change]) -> list[tuple[JournalLine, dict[str, Any]]]:
    """Return the Journal's lines, oldest first, and what each of them means: a run of its own each."""
    found: list[tuple[JournalLine, dict[str, Any]]] = []
    for at, (kind, back, row_id, manager, before, after, rule, ago) in enumerate(
        sorted(changes, key=lambda c: -c[1])
    ):
        when = to_serial(TODAY - timedelta(days=back)) + 0.1
        undone = (
            found[at - ago][1]
            if ago is not None and ago <= at and kind in ("run", "moved")
            else None
        )
        if undone and not undone["ours"]:  # a run takes back what runs did
            undone = None
        undoes = undone["run"] if undone else ""
        if undone:  # an undo speaks of the same row, and mostly of the same thing
            row_id, kind = undone["id"], "moved" if undone["kind"] == "moved" else "run"  # noqa: PLW2901
        why = language("en").text("undo of run {run}", run=undoes) if undoes else "because"
        meant = {
            "seq": at,
            "day": int(when),
            "id": row_id,
            "manager": manager,
            "run": f"r{at}",
            "undoes": undoes,
            "rule": rule,
            "ours": kind in ("run", "moved"),
        }
        if kind == "moved":
            data: Any = {"from": "working", "to": "rework", "rule": rule}
            made = line(
                when,
                f"r{at}",
                row_id,
                "moved",
                data,
                manager=manager,
                why=why,
                before="working",
                after="rework",
            )
            meant |= {"kind": "moved", "before": "working", "after": "rework"}
        elif kind == "run":
            words = EN.words.states
            data = {"field": "state", "before": words[before][-1], "after": words[after][0]}
            made = line(
                when, f"r{at}", row_id, "edited", data, manager=manager, why=f"State: {why}"
            )
            meant |= {"kind": "state", "before": before, "after": after}
        else:
            data = (
                {"kind": "added", "state": after}
                if kind == "added"
                else {"kind": kind, "before": before, "after": after}
            )
            made = line(when, f"r{at}", row_id, "noticed", data, manager=manager)
            meant |= {
                "kind": "state",
                "before": None if kind == "added" else before,
                "after": after,
            }
        found.append((made, meant))
    return found


SCHEMA = """
CREATE TABLE told (seq INT, day INT, id TEXT, manager TEXT, run TEXT, undoes TEXT, rule TEXT, kind TEXT, before TEXT, after TEXT);
CREATE TABLE stage (state TEXT, rank INT, inwork INT, paid INT, contact INT, away INT);
INSERT INTO stage VALUES ('contact_1',0,1,0,1,0), ('contact_2',1,1,0,1,0), ('contact_3',2,1,0,1,0), ('deal',3,1,0,0,0),
  ('deal_support',4,0,1,0,0), ('client',5,0,1,0,0), ('new',NULL,0,0,0,0), ('refusal',NULL,0,0,0,1),
  ('strategic_reserve',NULL,0,0,0,1), ('call_round',NULL,0,0,0,1);
"""
VIEWS = """
CREATE TABLE held AS SELECT * FROM told WHERE undoes = '' AND seq NOT IN (SELECT seq FROM gone);
CREATE TABLE walked AS SELECT * FROM (
  SELECT *, COALESCE(before, last) AS was FROM (
    SELECT *, LAG(after) OVER (PARTITION BY id ORDER BY seq) AS last FROM held WHERE kind = 'state'))
  WHERE (was IS NULL OR was <> after) AND (last IS NULL OR last <> after);
CREATE TABLE marked AS SELECT w.*, b.rank AS brank, a.rank AS arank, a.inwork AS works, b.inwork AS worked, a.paid AS pays,
    b.paid AS paid_before, a.away AS rests, b.away AS rested, a.contact AS contact,
    (a.inwork = 1 AND b.rank IS NULL) AS taken, (a.contact = 1 AND COALESCE(b.paid, 0) = 1) AS again
  FROM walked w LEFT JOIN stage b ON b.state = w.was JOIN stage a ON a.state = w.after;
CREATE TABLE steps AS SELECT *, SUM(taken OR again) OVER (PARTITION BY id ORDER BY seq) AS round FROM marked;
CREATE TABLE sales AS SELECT * FROM steps s WHERE pays = 1 AND was IS NOT NULL AND paid_before = 0 AND NOT EXISTS (
  SELECT 1 FROM steps e WHERE e.id = s.id AND e.round = s.round AND e.seq < s.seq
    AND (e.pays = 1 OR (COALESCE(e.paid_before, 0) = 1 AND NOT e.again)));
"""
WHERE = {
    "taken": "SELECT DISTINCT id FROM steps WHERE taken",
    "returned": "SELECT DISTINCT id FROM steps WHERE taken AND rested = 1",
    "advanced": "SELECT DISTINCT id FROM steps WHERE arank > brank",
    "refused": "SELECT DISTINCT id FROM steps WHERE after = 'refusal'",
    "lost": "SELECT DISTINCT id FROM steps WHERE worked = 1 AND rests = 1",
    "sold": "SELECT DISTINCT id FROM sales WHERE 1",
    "by_deadline": "SELECT DISTINCT id FROM held WHERE kind = 'moved' AND rule IN ('expired', 'expired_warm')",
    "moved_out": "SELECT DISTINCT id FROM held WHERE kind = 'moved' AND rule NOT IN ('undo', 'mend')",
}


def database(meant: list[dict[str, Any]]) -> sqlite3.Connection:
    """Put a Journal into tables; which lines are undone is worked out line by line, from the newest."""
    base = sqlite3.connect(":memory:")
    base.executescript(SCHEMA)
    columns = ("seq", "day", "id", "manager", "run", "undoes", "rule", "kind", "before", "after")
    base.executemany(
        f"INSERT INTO told VALUES ({','.join('?' * 10)})",  # noqa: S608
        [[m[name] for name in columns] for m in meant],
    )
    base.execute("CREATE TABLE gone (seq INT)")
    for newest in sorted(meant, key=lambda m: -m["seq"]):
        alive = (
            base.execute("SELECT 1 FROM gone WHERE seq = ?", (newest["seq"],)).fetchone() is None
        )
        if newest["undoes"] and alive:
            base.execute(
                "INSERT INTO gone SELECT seq FROM told WHERE run = ? AND id = ? AND kind = ?",
                (newest["undoes"], newest["id"], newest["kind"]),
            )
    base.executescript(VIEWS)
    return base


def counted(base: sqlite3.Connection, code: str, period: Period, manager: str | None) -> set[str]:
    first, last = (to_serial(day) for day in period.now)
    asked = f"{WHERE[code]} AND day BETWEEN ? AND ?" + (
        " AND manager = ?" if manager is not None else ""
    )
    return {
        row[0]
        for row in base.execute(asked, [first, last, *([manager] if manager is not None else [])])
    }


REACHED = """
SELECT COUNT(DISTINCT s.id) FROM steps s JOIN steps t ON t.id = s.id AND t.round = s.round
WHERE t.taken AND t.day BETWEEN ? AND ? AND s.day <= ? AND s.arank >= ?
"""


def cohort(base: sqlite3.Connection, span: Span) -> list[int]:
    first, last = (to_serial(day) for day in span)
    return [base.execute(REACHED, (first, last, last, rank)).fetchone()[0] for rank in range(6)]


OUTCOME: Projection = Base(ROWS).night(TODAY.isoformat()).projection


@settings(max_examples=25)
@given(st.lists(change, max_size=60))
def test_flows_and_the_funnel_agree_with_sql(changes: list[Change]) -> None:
    lines = written(changes)
    with closing(database([meant for _, meant in lines])) as base:
        told = Figures(Facts(OUTCOME, EN, tuple(made for made, _ in reversed(lines))))
        for period in (today_only(TODAY), week(TODAY), month(TODAY)):
            enough = bool(lines) and min(meant["day"] for _, meant in lines) <= to_serial(
                period.now.first
            )
            for code in WHERE:
                for manager in (None, *MANAGERS):
                    found = told.flows.figure(code, period, manager)
                    assert found.enough == enough
                    if enough:
                        assert set(found.ids) == counted(base, code, period, manager), (
                            code,
                            period,
                            manager,
                        )
                        assert found.value == len(found.ids)
                    else:
                        assert (found.value, found.ids) == (None, ())
            steps = Funnel(told.paths, frozenset(IDS)).stages(period)
            assert [step.reached.value for step in steps] == (
                cohort(base, period.now) if enough else [None] * 6
            )
            known = enough and min(meant["day"] for _, meant in lines) <= to_serial(
                period.before.first
            )
            assert [step.reached.before for step in steps] == (
                cohort(base, period.before) if known else [None] * 6
            )


WON = """
WITH first AS (SELECT id, was FROM steps s WHERE was IS NOT NULL AND NOT EXISTS (SELECT 1 FROM steps e WHERE e.id = s.id AND e.seq < s.seq)),
  stood AS (SELECT id, 0 AS round, -1 AS seq, was AS state FROM first UNION ALL SELECT id, round, seq, after FROM steps),
  ends AS (SELECT id, round, MAX(paid) AS won,
      (SELECT state FROM stood l WHERE l.id = d.id AND l.round = d.round ORDER BY l.seq DESC LIMIT 1) AS at
    FROM stood d JOIN stage USING (state) GROUP BY id, round)
SELECT SUM(won), COUNT(*) FROM ends JOIN stage ON stage.state = ends.at WHERE (won OR NOT stage.inwork)
  AND EXISTS (SELECT 1 FROM stood x WHERE x.id = ends.id AND x.round = ends.round AND x.state = ?)
  AND NOT EXISTS (SELECT 1 FROM steps r WHERE r.id = ends.id AND r.round = ends.round AND r.again)
"""


@settings(max_examples=25)
@given(st.lists(change, max_size=60))
def test_probabilities_are_measured_over_the_rounds_that_sql_finds(changes: list[Change]) -> None:
    lines = written(changes)
    with closing(database([meant for _, meant in lines])) as base:
        told = Figures(Facts(OUTCOME, EN, tuple(made for made, _ in reversed(lines))))
        for code, chance in told.forecast.chances.items():
            won, over = base.execute(WON, (code,)).fetchone()
            assert (chance.won, chance.over) == (won or 0, over), code


@settings(max_examples=30)
@given(st.lists(change, max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_days_decides_wherever_a_line_stands(changes: list[Change], dice: Any) -> None:
    """A Journal that its owner has sorted otherwise tells the same, as long as no two lines are of one minute."""
    apart = [*{each[1]: each for each in changes}.values()]
    lines = [made for made, _ in written(apart)]
    shuffled = dice.sample(lines, len(lines))
    one, two = (Figures(Facts(OUTCOME, EN, tuple(each))) for each in (lines[::-1], shuffled))
    assert one.paths.steps.equals(two.paths.steps)


ENTERED = """
SELECT manager, after, id FROM (
  SELECT id, after, manager, ROW_NUMBER() OVER (PARTITION BY id, after ORDER BY seq DESC) AS latest
  FROM steps WHERE day BETWEEN ? AND ?) WHERE latest = 1
"""


@settings(max_examples=25)
@given(st.lists(change, max_size=60))
def test_who_came_into_which_state_agrees_with_sql(changes: list[Change]) -> None:
    lines = written(changes)
    with closing(database([meant for _, meant in lines])) as base:
        told = Figures(Facts(OUTCOME, EN, tuple(made for made, _ in reversed(lines))))
        oldest = min((meant["day"] for _, meant in lines), default=None)
        for period in (today_only(TODAY), week(TODAY), month(TODAY)):
            found = told.state_entries.by_manager(period)
            if oldest is None or oldest > to_serial(period.now.first):
                assert found is None
                continue
            now, past = (
                {tuple(row) for row in base.execute(ENTERED, [to_serial(day) for day in span])}
                for span in period[1:]
            )
            assert found is not None
            assert {
                (who, state, i) for (who, state), figure in found.items() for i in figure.ids
            } == now
            if oldest > to_serial(period.before.first):
                assert all(figure.before is None for figure in found.values())
            else:
                places = [(who, state) for who, state, _ in past]
                assert {
                    place: figure.before for place, figure in found.items() if figure.before
                } == {place: places.count(place) for place in places}
