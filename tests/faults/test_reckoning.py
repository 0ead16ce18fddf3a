"""The reckoning, the report and the plan of a run by themselves: what they would say if something were wrong."""

import json
import random
import uuid
from collections import Counter
from pathlib import Path

import pytest

from pendamping.kernel.filestore import FileStore
from tests.bench.faults import ON_THE_WAY, SERVER_SIDE, Wanted, _plots, _seeds, report
from tests.faults.proxy import KINDS
from tests.faults.reckoning import Reckoning, Stored, compared
from tests.faults.story import Plot, _shares
from tests.faults.tablet import Entry, Tablet
from tests.faults.warming import RECORDS, SEED
from tests.faults.writing import Pen, Photo, Written

ID = uuid.UUID(int=1)
VISIT = Written("visit", ID, "{}", "a-mark", answers=1)


def there(**changes: object) -> Stored:
    """A database that has the visit, whole."""
    whole: dict[str, object] = {
        "receipts": Counter({(ID, VISIT.sha256): 1}),
        "conflicts": set(),
        "held": set(),
        "visits": {ID: "a-mark"},
        "marks": Counter({"a-mark": 1}),
        "answers": Counter({ID: 1}),
        "actions": set(),
        "updates": {},
        "plans": {},
        "attachments": {},
    }
    return Stored(**{**whole, **changes})  # type: ignore[arg-type]


def found(entry: Entry, stored: Stored, folder: Path) -> Reckoning:
    tablet = Tablet(port=0, person=("", ""), rng=random.Random(0), entries=[entry], batch=1, fault_rate=0.0)
    return compared(stored, FileStore(folder), [tablet])


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({}, None),
        ({"receipts": Counter()}, "falsely_sent"),
        ({"visits": {}}, "falsely_sent"),
        ({"visits": {ID: "another-mark"}}, "falsely_sent"),
        ({"answers": Counter({ID: 2})}, "falsely_sent"),
        ({"marks": Counter({"a-mark": 2})}, "doubled"),
        ({"receipts": Counter({(ID, VISIT.sha256): 2})}, "doubled"),
    ],
    ids=["whole", "no receipt", "no visit", "overwritten", "answers twice", "visit twice", "receipt twice"],
)
def test_what_a_tablet_calls_sent_must_be_there_whole_and_once(
    tmp_path: Path, changes: dict[str, object], where: str | None
) -> None:
    reckoning = found(Entry(VISIT, state="sent", is_received=True), there(**changes), tmp_path)

    assert [name for name in ("falsely_sent", "doubled", "unsent") if getattr(reckoning, name)] == [where][
        : bool(where)
    ]


@pytest.mark.parametrize(("day", "is_sent"), [("2026-06-13", False), ("2026-09-21", True)])
def test_a_plan_that_was_moved_back_and_again_must_stand_on_its_last_day(
    tmp_path: Path, day: str, *, is_sent: bool
) -> None:
    moved = Written("schedule", ID, "{}", "a-mark", planned_on="2026-09-21")
    stored = there(receipts=Counter({(ID, moved.sha256): 1}), plans={ID: "a-mark"}, days={ID: day}, visits={})

    reckoning = found(Entry(moved, state="sent", is_received=True), stored, tmp_path)

    assert reckoning.is_clean is is_sent


def test_a_photo_whose_file_is_not_there_makes_its_record_falsely_sent(tmp_path: Path) -> None:
    photo = Photo(uuid.UUID(int=2), b"a photo")
    record = Written("visit", ID, "{}", "a-mark", answers=1, photos=(photo,))
    stored = there(attachments={photo.id: photo.sha256})

    before = found(Entry(record, state="sent", is_received=True), stored, tmp_path)
    FileStore(tmp_path).put(photo.data)
    after = found(Entry(record, state="sent", is_received=True), stored, tmp_path)

    assert before.falsely_sent == [f"a-mark: photo {photo.id} is not there"]
    assert after.is_clean


def test_a_photo_goes_only_once_its_record_lies_in_the_outbox(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = Photo(uuid.UUID(int=2), b"a picture")
    entry = Entry(Written("visit", ID, "{}", "a-mark", photos=(photo,)))
    tablet = Tablet(port=0, person=("", ""), rng=random.Random(0), entries=[entry], batch=1, fault_rate=0.0)
    asked: list[str] = []

    def answer(_method: str, path: str, data: bytes) -> tuple[int, dict[str, object]]:
        asked.append(path)
        return 201, {"id": str(photo.id), "byte_size": len(data)}

    monkeypatch.setattr(tablet, "_with_token", answer)
    tablet.entries = []
    tablet._send_photos(is_asked=True)
    assert not asked

    tablet.entries = [entry]
    tablet._send_photos(is_asked=True)
    assert asked == [f"/api/v1/attachments/{photo.id}"]


def test_what_waits_is_unsent_and_a_conflict_must_be_kept_on_both_sides(tmp_path: Path) -> None:
    waiting = found(Entry(VISIT), there(), tmp_path)
    dropped = found(Entry(VISIT, state="needs_attention", problem="conflict"), there(), tmp_path)
    held = found(Entry(VISIT, is_held=True), there(held={(ID, VISIT.sha256)}), tmp_path)

    assert waiting.unsent == ["a-mark: still waiting"]
    assert dropped.lost == ["a-mark: the office has not kept the other side of a conflict"]
    assert held.is_clean


def test_the_report_names_every_fault_and_what_was_lost(tmp_path: Path) -> None:
    story = {
        "part": "story",
        "seed": 7,
        "records": 500,
        "faults": dict.fromkeys((*KINDS, *SERVER_SIDE), 3),
        "found": {"lost": ["a-mark: no receipt"], "doubled": [], "falsely_sent": [], "unsent": []},
        "recoveries": [0.5, 1.5, 9.0],
        "kills_amid_writes": 2,
        "looked_for": 1234,
        "conflicts": 4,
        "held": 0,
        "put_right": 2,
        "is_sound": True,
        "seconds": 60,
        "took": 60,
        "short": [],
    }
    nothing: dict[str, list[str]] = {"lost": [], "doubled": [], "falsely_sent": [], "unsent": []}
    killed = {**story, "part": "killed", "faults": {"kill": 200}, "found": nothing, "is_sound": False}
    lines = "".join(json.dumps(line) + "\n" for line in (story, killed))
    (tmp_path / "sqlite.jsonl").write_text(lines + '{"broken off')
    about = {"asked": 100_000, "machine": "2 cores", "broken": {"upsert_that_overwrites": False}}
    (tmp_path / "sqlite.about.json").write_text(json.dumps(about))

    page = report(tmp_path)

    assert set(ON_THE_WAY) == set(KINDS)
    assert "500 records of 100,000 that were asked for; stories: 1, of seeds 7." in page
    assert "| 1 | 0 | 0 | 0 | 0 |" in page
    assert "half within 1.5 s, slowest 9.0 s." in page
    assert "### SIGKILL 200 times during writes" in page
    assert "| 0 | 0 | 0 | 0 | 1 |" in page
    assert "upsert that overwrites NOT CAUGHT" in page
    assert "- seed 7, lost: a-mark: no receipt" in page


def test_a_run_that_was_broken_off_plays_what_is_missing() -> None:
    wanted = Wanted(5_000, "sqlite", seed=3, kills=20, minutes=0, starts_over=False, at_once=2)
    done = [{"part": "killed", "seed": 1, "records": 2_400}, {"part": "story", "seed": 4, "records": 2_000}]

    whole, rest = list(_plots(wanted, [])), list(_plots(wanted, done))

    assert [(part, plot.seed, plot.records, plot.kills) for part, plot in whole] == [
        ("killed", 1, 2_400, 200),
        ("story", 3, 2_000, 20),
        ("story", 4, 2_000, 20),
        ("story", 5, 1_000, 20),
    ]
    assert [(part, plot.seed, plot.records) for part, plot in rest] == [("story", 3, 2_000), ("story", 5, 1_000)]


def test_the_report_names_each_seed_that_was_played() -> None:
    assert _seeds([7]) == "7"
    assert _seeds([4, 1, 3, 2, 9, 6]) == "1 to 4, 6, 9"


def test_whoever_sends_one_by_one_writes_less_and_nothing_is_left_over() -> None:
    for seed in range(20):
        plot = Plot(seed, records=500, batches=(1, 50))
        shares = _shares(plot, 6)

        assert sum(shares) == 500
        assert len({share // 10 for share in shares}) <= 2


def test_a_server_is_warmed_up_with_records_of_every_kind() -> None:
    first, second = Pen(random.Random(SEED), ("64.71.01.7000",), "hangat").write(RECORDS)

    assert {each.kind for each in first} == {"visit", "schedule", "action_update", "correction"}
    assert any(each.photos for each in first)
    assert any(each.kind == "visit" and each.base_sha256 for each in first)
    assert second
