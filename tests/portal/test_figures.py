"""Monthly figures that a cooperative sends and its facilitator confirms: typed once, kept for good."""

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.cooperatives.proposals import service
from pendamping.cooperatives.proposals.models import FiguresDecision, FiguresProposal
from pendamping.cooperatives.proposals.queries import proposals_of, proposals_waiting
from pendamping.cooperatives.records.figures import Figures, Month
from pendamping.cooperatives.records.queries import latest_figures
from pendamping.cooperatives.records.service import FiguresChanged
from pendamping.kernel.once import SentByAnother
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.pages import Browser

MARCH = Month(2026, 3)
HERE = f"/koperasi/{GRAHA_INDAH}/usulan-angka"


@pytest.fixture
def people(browser: Browser) -> tuple[User, User]:
    """The cooperative's account and its facilitator; its February is on record."""
    with browser.make() as make:
        make.figures(Month(2026, 2), members=230, turnover_idr=1_000_000)
        return make.cooperative_user(), make.facilitator()


def test_what_the_cooperative_sends_the_facilitator_takes_over_without_typing_it(
    browser: Browser, people: tuple[User, User]
) -> None:
    account, facilitator = people
    browser.sign_in(account)
    form = browser.open("/angka/2026-03")
    doubted = browser.send("/angka/2026-03", {**form.fields(), "members": "240", "turnover_idr": "10.500.000"})
    assert doubted.status == 400  # ten times as much: asked about once
    sent = browser.send("/angka/2026-03", doubted.fields())
    assert sent.has("Angka Maret 2026 terkirim.")
    assert sent.has("Menunggu diperiksa")

    browser.sign_in(facilitator)
    page = browser.open(HERE)
    assert page.has("Rp10.500.000")
    done = browser.send(str(page.soup.select("form[action$=terima]")[0]["action"]), page.fields("form[action$=terima]"))

    assert done.has("Angka dari koperasi disimpan.")
    assert done.has("Tidak ada angka yang menunggu.")
    with browser.make() as make:
        latest = latest_figures(make.session, make.cooperative().id, MARCH)
        assert latest is not None
        assert latest.figures == Figures(members=240, turnover_idr=10_500_000)
    browser.sign_in(account)
    assert browser.open("/angka").texts("main li .pill")[:1] == ["Tercatat"]


def test_what_is_sent_back_says_why_and_begins_with_what_was_typed(browser: Browser, people: tuple[User, User]) -> None:
    account, facilitator = people
    with browser.make() as make:
        proposal = make.proposal(MARCH, members=24)
    browser.sign_in(facilitator)
    back = f"{HERE}/{proposal.id}/kembalikan"
    fields = browser.open(HERE).fields("form[action$=kembalikan]")

    assert browser.send(back, {**fields, "reason": " "}).has("Tulis apa yang perlu diperbaiki.")
    assert browser.send(back, {**fields, "reason": "Kurang satu angka?"}).has("Angka dikembalikan kepada koperasi")
    assert browser.send(back, {**fields, "reason": "Lagi"}).status == 409
    browser.sign_in(account)
    assert browser.open("/angka").has("Kurang satu angka?")
    assert browser.open("/angka/2026-03").fields()["members"] == "24"
    assert [browser.client.get(f"/angka/{month}").status_code for month in ("2026-05", "2025-03", "2026-13")] == [
        404
    ] * 3


def test_figures_sent_twice_are_one_and_an_id_of_another_account_answers_nobody(make: Make) -> None:
    officer, other, id_ = make.cooperative_user(), make.cooperative_user(), uuid.uuid4()

    def propose(members: int, by: User) -> FiguresProposal:
        terms: dict[str, Any] = {"proposal_id": id_, "author_id": by.id, "actor": ACTOR, "today": TODAY, "now": NOW}
        return service.propose_figures(make.session, make.cooperative(), MARCH, Figures(members=members), **terms)

    assert propose(24, officer) is propose(24, officer)
    with pytest.raises(SentByAnother):
        propose(99, other)


def confirm(make: Make, proposal: FiguresProposal, *, seen_revision: int) -> None:
    service.confirm_figures(
        make.session,
        make.cooperative(),
        proposal,
        seen_revision=seen_revision,
        decided_by_id=make.user().id,
        actor=ACTOR,
        now=NOW,
    )


def test_a_proposal_waits_until_it_is_decided_or_replaced(make: Make, session: Session) -> None:
    cooperative, facilitator = make.cooperative(), make.facilitator()
    first = make.proposal(MARCH, members=1)
    make.now = NOW + dt.timedelta(hours=1)
    second = make.proposal(MARCH, members=2)
    make.proposal(MARCH, code=KARIANGAU, members=3)
    seen = visible_cooperative_ids(facilitator, today=TODAY)

    assert session.scalars(proposals_waiting(seen)).all() == [second]
    with pytest.raises(service.ProposalReplaced):
        confirm(make, first, seen_revision=0)
    make.figures(MARCH, members=5, savings_idr=10)
    with pytest.raises(FiguresChanged):
        confirm(make, second, seen_revision=0)
    confirm(make, second, seen_revision=1)
    with pytest.raises(service.ProposalDecided):
        confirm(make, second, seen_revision=2)

    latest = latest_figures(session, cooperative.id, MARCH)
    assert latest is not None
    assert (latest.revision, latest.figures) == (2, Figures(members=2, savings_idr=10))
    assert session.scalars(proposals_waiting(seen)).all() == []
    assert [(each.is_confirmed, each.figures.members) for each in proposals_of(session, cooperative.id)] == [(True, 2)]


def test_the_same_figures_confirmed_are_no_further_revision(make: Make, session: Session) -> None:
    make.figures(MARCH, members=5)
    proposal = make.proposal(MARCH, members=5)

    confirm(make, proposal, seen_revision=1)

    assert session.scalars(select(FiguresDecision.figures_id)).one() is not None
    latest = latest_figures(session, make.cooperative().id, MARCH)
    assert latest is not None
    assert latest.revision == 1
