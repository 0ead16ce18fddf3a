import uuid

from pendamping.attachments.models import Attachment, MediaType
from tests.breaking import Broken, add_row, misjudged, raw
from tests.make import Make


def add_attachment(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "uploader_id": make.user().id,
        "media_type": MediaType.JPEG,
        "byte_size": 1,
        "sha256": "0" * 64,
        "width": 1,
        "height": 1,
        "received_at": make.now,
    }
    add_row(make, Attachment, **{**sound, **changed})


BROKEN: Broken = {
    "ck_attachment_mediatype": lambda make: add_attachment(make, media_type=raw("text/html")),
    "ck_attachment_sha256_length": lambda make: add_attachment(make, sha256="0" * 63),
    "ck_attachment_not_empty": lambda make: add_attachment(make, byte_size=0),
    "ck_attachment_size_is_whole": lambda make: add_attachment(make, height=None),
    "ck_attachment_city_goes_with_cooperative": lambda make: add_attachment(make, city_code="64.71"),
    "fk_attachment_cooperative_id_cooperative": lambda make: add_attachment(
        make, cooperative_id=uuid.uuid4(), city_code="64.71"
    ),
    "fk_attachment_uploader_id_user": lambda make: add_attachment(make, uploader_id=uuid.uuid4()),
}


def test_the_row_that_the_table_breaks_is_sound(make: Make) -> None:
    add_attachment(make)


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}
