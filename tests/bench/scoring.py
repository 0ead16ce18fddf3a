"""`./dev bench scoring`: what one assessment takes, and very many in one command."""

import json
import os
import platform
import random
import resource
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from pendamping.instruments.answers import Answer
from pendamping.instruments.definition import Instrument, Proof
from pendamping.instruments.score_lines import score_line
from pendamping.instruments.scoring import score
from tests.bench.server import PENDAMPING
from tests.instruments.cases import FACTS, INSTRUMENTS, values_of

ROUNDS = 500
DIFFERENT = 1_000
"""Assessments that are not alike; a longer file repeats them."""
AIM_MS, AIM_S = 0.5, 60.0


def report_scoring(folder: Path, *, assessments: int) -> None:
    """Everything is answered: an assessment with gaps takes less."""
    items = sum(len(instrument.items) for instrument in INSTRUMENTS)
    print(f"\n{os.cpu_count()} cores, Python {platform.python_version()}; an assessment of {items} items in ms\n")
    chance = random.Random(1)
    full = [(instrument, full_answers(instrument, chance)) for instrument in INSTRUMENTS]
    lines = [(instrument, as_line(answers)) for instrument, answers in full]
    scored = _took_ms(lambda: [score(instrument, answers, stage=3, facts=FACTS) for instrument, answers in full])
    through = _took_ms(lambda: [score_line(instrument, line) for instrument, line in lines])
    print(f"scoring alone           {scored:>8.3f}   aim: below {AIM_MS}, {_verdict(scored, AIM_MS)}")
    print(f"from line to line       {through:>8.3f}")
    for instrument in INSTRUMENTS:
        _report_command(instrument, folder, chance, assessments)


def _report_command(instrument: Instrument, folder: Path, chance: random.Random, assessments: int) -> None:
    file = folder / f"{instrument.code}.jsonl"
    different = [as_line(full_answers(instrument, chance)) + b"\n" for _ in range(DIFFERENT)]
    with file.open("wb") as lines:
        lines.writelines(different[number % DIFFERENT] for number in range(assessments))
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([PENDAMPING, "score", instrument.code, file], stdout=subprocess.DEVNULL, check=True)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    name = f"{assessments} {instrument.code} in a file"
    print(f"{name:<24}{took:>7.1f} s   {busy:.1f} s of a core   {after.ru_maxrss / 1000:.0f} MB", end="")
    print(f"   aim: below {AIM_S:.0f} s, {_verdict(took, AIM_S)}")
    file.unlink()


def full_answers(instrument: Instrument, chance: random.Random) -> dict[str, Answer]:
    """Something to every item, with any proof."""
    return {
        item.id: Answer(item.id, chance.choice(values_of(item)), chance.choice(list(Proof)), "Belum ada usaha")
        for item in instrument.items
    }


def as_line(answers: dict[str, Answer]) -> bytes:
    told = {
        item_id: {"value": each.value, "proof": each.proof} | ({"reason": each.note} if each.value == "na" else {})
        for item_id, each in answers.items()
    }
    facts = {"tanggal_sk_badan_hukum": str(FACTS.decree_on), "akhir_tahun_buku": str(FACTS.book_year_end)}
    return json.dumps({"stage": 3, "on": "2027-12-31", "facts": facts, "answers": told}).encode()


def _took_ms(work: Callable[[], object]) -> float:
    """The middle one of many rounds."""
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)[ROUNDS // 2]


def _verdict(took: float, aim: float) -> str:
    return "met" if took < aim else "MISSED"
