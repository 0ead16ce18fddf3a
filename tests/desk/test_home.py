import datetime as dt
import random
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import insert, text

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative, Region, RegionKind, Stage
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.progress.models import Standing
from tests import only
from tests.architecture.test_query_counts import STATED, statements
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR
from tests.pages import Browser, Page

LAMARU = "64.71.01.1002"
ROWS = ".desk__facilitators tbody tr"
MOST_QUERIES = 15
FIRST_OF_THE_MONTH = TODAY.replace(day=1)


def figures(page: Page) -> dict[str, str]:
    return dict(zip(page.texts(".figure__label"), page.texts(".figure"), strict=True))


def test_on_the_first_day_nothing_is_measured_and_everything_is_silent(browser: Browser, head: User) -> None:
    page = browser.open("/")

    said = figures(page)
    assert "0 / 34 34 belum · 34 lewat 30 hari" in said["Dikunjungi bulan ini"]
    assert "– belum ada penilaian" in said["Kelembagaan"]
    assert "0 / 34 0% dari semua" in said["Tahap kemitraan"]
    assert "0 tidak ada yang terbuka" in said["Tindakan terbuka"]
    assert page.texts(".kind") == ["Tanpa pendamping 34", "Lama tidak dikunjungi 34"]
    assert len(page.soup.select("a.tile")) == 34
    assert page.texts(".tiles__name") == sorted(page.texts(".tiles__name"))
    assert len(page.texts(".tiles__name")) == 6


def test_the_figures_add_up_what_the_facilitators_found(browser: Browser, head: User) -> None:
    with browser.make() as make:
        first = make.facilitator(GRAHA_INDAH, KARIANGAU, name="Ratna")
        second = make.facilitator(MANGGAR, LAMARU, name="Budi")
        late = make.action_draft(due_on=dt.date(2026, 4, 13))
        make.visit(first, {"KL-01": ("yes", "diamati")}, visited_on=dt.date(2026, 4, 1), actions=(late,))
        make.visit(first, visited_on=TODAY, actions=(make.action_draft(),))
        make.visit(second, {"KL-01": ("no", "diamati")}, code=MANGGAR, visited_on=dt.date(2026, 4, 14))
        make.visit(second, {"TK-02": ("1", "diamati")}, code=LAMARU, visited_on=dt.date(2026, 3, 14))
        make.cooperative(MANGGAR).stage = Stage.PARTNERSHIP

    page = browser.open("/")

    said = figures(page)
    assert "2 / 34 32 belum · 32 lewat 30 hari" in said["Dikunjungi bulan ini"]
    assert "50,0 / 100 rata-rata 2 koperasi, 2 sementara" in said["Kelembagaan"]
    assert "1 / 34 3% dari semua" in said["Tahap kemitraan"]
    assert "2 1 terlambat · 50% tepat waktu" in said["Tindakan terbuka"]
    assert page.texts(ROWS) == ["Budi 2 1/4 0", "Ratna 2 2/4 1"]
    of_march = browser.open("/?bulan=2026-03")
    assert "1 / 34" in figures(of_march)["Dikunjungi Maret 2026"]
    assert of_march.texts(ROWS) == ["Budi 2 1/4 0", "Ratna 2 0/4 1"]


def test_two_facilitators_with_one_name_are_two(browser: Browser, head: User) -> None:
    with browser.make() as make:
        first = make.facilitator(GRAHA_INDAH, name="Siti Aminah")
        make.facilitator(KARIANGAU, MANGGAR, name="Siti Aminah")
        make.visit(first)

    assert sorted(browser.open("/").texts(ROWS)) == ["Siti Aminah 1 1/2 0", "Siti Aminah 2 0/4 0"]


@pytest.mark.parametrize(("scope", "count"), [("64.71.01", 4), (GRAHA_INDAH, 1), ("64.710", 0)])
def test_an_agency_sees_the_figures_of_its_own_region(browser: Browser, scope: str, count: int) -> None:
    with browser.make() as make:
        user = make.facilitator(GRAHA_INDAH, MANGGAR)
        make.visit(user, actions=(make.action_draft(),))
        make.visit(user, code=MANGGAR, actions=(make.action_draft(),))
        browser.sign_in(make.user(Role.ADMIN, scope_prefix=scope))

    page = browser.open("/")

    visited = min(count, 1)
    assert f"{visited} / {count}" in figures(page)["Dikunjungi bulan ini"]
    assert figures(page)["Tindakan terbuka"].split()[2] == str(visited)
    assert len(page.soup.select("a.tile")) == count


def test_a_tile_carries_number_band_and_address(browser: Browser, head: User) -> None:
    with browser.make() as make:
        make.visit(make.facilitator(), {"KL-01": ("yes", "diamati")})

    page = browser.open("/")

    (tile,) = [each for each in page.soup.select("a.tile") if "Graha Indah" in each.get_text()]
    assert tile["href"] == f"/koperasi/{GRAHA_INDAH}"
    assert " ".join(tile.get_text(" ").split()).startswith("Graha Indah 100,0")
    assert "tile--0" in tile["class"]


# What a figure says is what a plain count says ------------------------------------------------------------------------

PLAIN = {
    "cooperatives": "SELECT count(*) FROM cooperative c WHERE {where}",
    "visited": (
        "SELECT count(DISTINCT v.cooperative_id) FROM visit v JOIN cooperative c ON c.id = v.cooperative_id "
        "WHERE v.visited_on BETWEEN :first AND :last AND NOT v.is_addendum AND {where}"
    ),
    "silent": (
        "SELECT count(*) FROM cooperative c WHERE {where} AND NOT EXISTS "
        "(SELECT 1 FROM visit v WHERE v.cooperative_id = c.id AND v.visited_on >= :silent)"
    ),
    "partners": "SELECT count(*) FROM cooperative c WHERE c.stage = 'kemitraan' AND {where}",
    "open": (
        "SELECT count(*) FROM action a JOIN cooperative c ON c.id = a.cooperative_id "
        "WHERE a.status NOT IN ('terverifikasi', 'dibatalkan') AND {where}"
    ),
    "late": (
        "SELECT count(*) FROM action a JOIN cooperative c ON c.id = a.cooperative_id "
        "WHERE a.status NOT IN ('terverifikasi', 'dibatalkan') AND a.due_on < :today AND {where}"
    ),
}
"""Straight from what people recorded: no standing, no roll-up, nothing of ours."""


def plainly(app: Flask, where: str, **values: Any) -> dict[str, int]:
    given = {"today": TODAY, "silent": TODAY - dt.timedelta(days=30), **values}
    if "facilitator" in given:
        given["facilitator"] = given["facilitator"].hex
    with app.app_context():
        session = reading()
        if session.get_bind().dialect.name == "postgresql":
            where = where.replace(":facilitator", "CAST(:facilitator AS uuid)")
        return {
            name: session.scalar(
                text(query.format(where=where)), {k: v for k, v in given.items() if f":{k}" in query + where}
            )
            for name, query in PLAIN.items()
        }


def said_on(page: Page) -> dict[str, int]:
    """The figures of the page, read as a person reads them."""
    said = figures(page)
    visits = next(words for label, words in said.items() if label.startswith("Dikunjungi"))
    visited, of, _missing, silent = _numbers(visits, r"(\d+) / (\d+) (\d+) belum · (\d+) lewat")
    partners, of_all = _numbers(said["Tahap kemitraan"], r"(\d+) / (\d+)")
    assert of == of_all
    opened = _numbers(said["Tindakan terbuka"], r"terbuka (\d+)")[0]
    late = _numbers(said["Tindakan terbuka"], r"(\d+) terlambat")[0] if opened else 0
    return {
        "cooperatives": of,
        "visited": visited,
        "silent": silent,
        "partners": partners,
        "open": opened,
        "late": late,
    }


def _numbers(words: str, pattern: str) -> tuple[int, ...]:
    found = re.search(pattern, words)
    assert found, words
    return tuple(int(each) for each in found.groups())


def test_the_figures_equal_a_plain_count_under_any_filter(browser: Browser, head: User) -> None:
    dice = random.Random(20260414)
    with browser.make() as make:
        codes = [row.code for row in make.session.query(Cooperative).order_by(Cooperative.code)]
        people = [make.facilitator(*codes[place : place + 5]) for place in range(0, 15, 5)]
        for code in dice.sample(codes[:15], 11):
            person = people[codes.index(code) // 5]
            make.cooperative(code).stage = dice.choice(list(Stage))
            for _ in range(dice.randint(1, 2)):
                due_on = TODAY + dt.timedelta(days=dice.randint(-20, 20))
                day = min(TODAY - dt.timedelta(days=dice.randint(0, 70)), due_on)
                visit = make.visit(person, code=code, visited_on=day, actions=(make.action_draft(due_on=due_on),))
                visit.is_addendum = day < FIRST_OF_THE_MONTH and dice.random() < 0.5
    for _ in range(3):
        filters, where, values = _random_filter(dice, people)

        page = browser.open(f"/?{urlencode(filters)}")

        assert said_on(page) == plainly(browser.app, where, **values), filters


def _random_filter(dice: random.Random, people: list[User]) -> tuple[Mapping[str, str], str, Mapping[str, Any]]:
    """An address, and the same said in plain SQL."""
    month = dice.choice((2, 3, 4))
    last = {2: 28, 3: 31, 4: 30}[month]
    filters = {"bulan": f"2026-{month:02}"}
    values: dict[str, Any] = {"first": dt.date(2026, month, 1), "last": dt.date(2026, month, last)}
    where = ["1 = 1"]
    if dice.random() < 0.5:
        filters["kecamatan"] = district = dice.choice(("64.71.01", "64.71.02", "64.71.03"))
        where.append(f"c.code LIKE '{district}.%'")
    if dice.random() < 0.5:
        filters["tahap"] = stage = dice.choice(("pembentukan", "operasional", "kemitraan"))
        where.append(f"c.stage = '{stage}'")
    if dice.random() < 0.5:
        person = dice.choice(people)
        filters["pendamping"], values["facilitator"] = str(person.id), person.id
        where.append(
            "EXISTS (SELECT 1 FROM assignment s WHERE s.cooperative_id = c.id AND s.facilitator_id = :facilitator "
            "AND s.starts_on <= :today AND s.ends_on >= :today)"
        )
    return filters, " AND ".join(where), values


@pytest.mark.parametrize(
    "address", ["?kecamatan=entah", "?tahap=x&pendamping=y", "?bulan=2026-99", "?penetapan=emas", "?urut=&keadaan=zz"]
)
@only.on_sqlite
def test_a_filter_that_makes_no_sense_is_left_out(browser: Browser, head: User, address: str) -> None:
    page = browser.open(f"/{address}")

    assert page.status == 200
    assert "0 / 34" in figures(page)["Dikunjungi bulan ini"]


@only.on_sqlite
def test_the_page_asks_as_much_for_hundreds_of_cooperatives_as_for_a_city(browser: Browser, head: User) -> None:
    browser.open("/")  # a process reads each instrument's text once
    with statements(browser.app) as of_a_city:
        browser.client.get("/")
    with browser.make() as make:
        _add_many(make.session, 400)

    with statements(browser.app) as of_many:
        page = browser.open("/")

    assert len(of_a_city) == STATED["head's home"] <= MOST_QUERIES
    assert len(of_many) <= len(of_a_city)
    assert "0 / 434" in figures(page)["Dikunjungi bulan ini"]
    assert page.texts(".tile__name") == ["Kota Balikpapan", "Kota Jauh"], (
        "a region too wide for its tiles is shown by city"
    )


def _add_many(session: Any, count: int) -> None:
    codes = [f"97.01.{number // 99 + 1:02}.{1001 + number % 99}" for number in range(count)]
    regions = [("97", "Provinsi Jauh", RegionKind.PROVINCE, None), ("97.01", "Kota Jauh", RegionKind.CITY, "97")]
    regions += [(code, code, RegionKind.DISTRICT, "97.01") for code in sorted({code[:8] for code in codes})]
    regions += [(code, code, RegionKind.WARD, code[:8]) for code in codes]
    columns = ("code", "name", "kind", "parent_code")
    session.execute(
        insert(Region), [{**dict(zip(columns, row, strict=True)), "display_name": row[1]} for row in regions]
    )
    rows = [
        {
            "code": code,
            "city_code": "97.01",
            "short_name": f"KKMP {code}",
            "legal_name": code,
            "stage": Stage.FORMATION,
        }
        for code in codes
    ]
    session.execute(insert(Cooperative), rows)
    ids = session.query(Cooperative.id).filter(Cooperative.city_code == "97.01")
    standing = {"city_code": "97.01", "open_actions": 1, "next_due_on": dt.date(2026, 1, 1)}
    refreshed = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    session.execute(
        insert(Standing), [{**standing, "cooperative_id": id_, "refreshed_at": refreshed} for (id_,) in ids]
    )
