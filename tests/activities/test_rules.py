"""Whom an agreement binds."""

import datetime as dt
import uuid

from hypothesis import given, settings
from hypothesis import strategies as st

from pendamping.activities.models import ActivityKind
from pendamping.activities.rules import Agreement, Presence, Terms, absent_from, bound_by, drafts_of
from pendamping.instruments.definition import OwnerRole

IDS = [uuid.UUID(int=number) for number in range(1, 7)]
DAY = dt.date(2026, 4, 1)
STEP_ID = uuid.UUID(int=99)

some = st.lists(st.sampled_from(IDS), unique=True)


def terms(*ids: uuid.UUID) -> Terms:
    presences = tuple(Presence(id_, 2) for id_ in ids)
    return Terms(DAY, ActivityKind.TRAINING, "Balai kota", "Pembukuan", "", presences)


def agreement(*ids: uuid.UUID) -> Agreement:
    return Agreement("Tutup buku", OwnerRole.TREASURER, DAY, ids)


@settings(max_examples=40)
@given(came=some, named=some)
def test_an_agreement_binds_those_who_came_and_were_named_or_all_who_came(
    came: list[uuid.UUID], named: list[uuid.UUID]
) -> None:
    said, held = agreement(*named), terms(*came)

    assert set(bound_by(said, held)) == (set(came) & set(named) if named else set(came))
    assert absent_from(said, held) == set(named) - set(came)


def test_each_cooperative_gets_an_action_of_its_own_and_the_same_one_each_time() -> None:
    agreements, held = [agreement(), agreement(IDS[1])], terms(*IDS[:3])
    drafts = drafts_of(agreements, held, step_id=STEP_ID)

    assert [id_ for id_, _draft in drafts] == [*IDS[:3], IDS[1]]
    assert len({draft.id for _id, draft in drafts}) == 4
    assert drafts == drafts_of(agreements, held, step_id=STEP_ID)
    assert {draft.title for _id, draft in drafts} == {"Tutup buku"}
