import datetime as dt
import uuid

from pendamping.accounts.links.models import PersonalLink
from tests.breaking import Broken, add_row, misjudged
from tests.conftest import NOW
from tests.make import Make


def add_link(make: Make, **changed: object) -> None:
    sound = {
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "user_id": make.cooperative_user().id,
        "token_sha256": "a" * 64,
        "made_by_id": make.user().id,
        "made_at": NOW,
        "expires_at": NOW + dt.timedelta(days=30),
        "use_count": 0,
    }
    add_row(make, PersonalLink, **{**sound, **changed})


def add_the_same_token_twice(make: Make) -> None:
    add_link(make)
    add_link(make)


BROKEN: Broken = {
    "ck_personal_link_token_sha256_length": lambda make: add_link(make, token_sha256="a"),
    "ck_personal_link_lasts_a_while": lambda make: add_link(make, expires_at=NOW),
    "ck_personal_link_use_count_not_negative": lambda make: add_link(make, use_count=-1, last_used_at=NOW),
    "ck_personal_link_use_has_its_time": lambda make: add_link(make, use_count=1),
    "ck_personal_link_revoked_by_somebody": lambda make: add_link(make, revoked_at=NOW),
    "uq_personal_link_token_sha256": add_the_same_token_twice,
    "fk_personal_link_cooperative_id_cooperative": lambda make: add_link(make, cooperative_id=uuid.uuid4()),
    "fk_personal_link_user_id_user": lambda make: add_link(make, user_id=uuid.uuid4()),
    "fk_personal_link_made_by_id_user": lambda make: add_link(make, made_by_id=uuid.uuid4()),
    "fk_personal_link_revoked_by_id_user": lambda make: add_link(make, revoked_at=NOW, revoked_by_id=uuid.uuid4()),
}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_link(make, use_count=2, last_used_at=NOW, revoked_at=NOW, revoked_by_id=make.user().id)


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}
