"""Files that come with a form: their field, and the two ways to take them in."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import MultipleFileField
from wtforms.validators import ValidationError

from pendamping.accounts.session import signed_in_user
from pendamping.attachments import service
from pendamping.attachments.pictures import FileFacts, NotAPicture
from pendamping.attachments.service import KeptFile
from pendamping.kernel.access import now, request_actor
from pendamping.kernel.database import retry_on_conflict
from pendamping.kernel.errors import DomainError
from pendamping.kernel.files import files
from pendamping.kernel.forms import fail, optional, tidy
from pendamping.kernel.i18n import explained

PHOTO_TYPES = "image/jpeg,image/png,image/webp,image/heic"


class FilesField(MultipleFileField):
    """Any number of files, or as many as `most`, else `too_many` is said."""

    def __init__(self, label: Any, *, most: int | None = None, too_many: Any = "", **terms: Any) -> None:
        super().__init__(label, validators=[optional()], **terms)
        self.most, self.too_many = most, too_many
        self.refused: list[str] = []
        """What was said of files before the form is validated; it stands at the field afterwards as well."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [each for each in valuelist if isinstance(each, FileStorage) and each.filename]

    def pre_validate(self, form: Any) -> None:
        if self.refused:
            raise ValidationError(" ".join(self.refused))
        if self.most is not None and len(self.data or ()) > self.most:
            raise ValidationError(str(self.too_many))


def take_photos(field: FilesField, id_of: Callable[[KeptFile], uuid.UUID]) -> list[uuid.UUID]:
    """Take in each photo that can be, at once: whatever else of its form does not hold, it is not lost.

    Args:
        id_of: one id for one photo, so that a second tap sends none twice.
    """
    terms: dict[str, Any] = {"uploader_id": signed_in_user().id, "actor": request_actor(), "now": now()}
    taken = []
    for sent in field.data or ():
        try:
            kept = service.keep_picture(files(), sent.read())
            id_ = id_of(kept)
            retry_on_conflict(partial(service.receive, attachment_id=id_, file=kept, **terms))
            taken.append(id_)
        except DomainError as error:
            field.refused.append(_refusal(sent, error))
    return taken


def keep_all(field: FilesField, *, photos_only: bool = False) -> list[KeptFile] | None:
    """Every file opened and kept; None when one is refused, and then none is kept."""
    opened: list[tuple[bytes, FileFacts]] = []
    for sent in field.data or ():
        data = sent.read()
        try:
            facts = service.opened(data)
            if photos_only and not facts.media_type.is_image:
                raise NotAPicture
            opened.append((data, facts))
        except DomainError as error:
            fail(field, _refusal(sent, error))
    if field.errors:
        return None
    return [service.keep_opened(files(), data, facts) for data, facts in opened]


def _refusal(sent: FileStorage, error: DomainError) -> str:
    return f"{tidy(sent.filename)[:60]}: {explained(error)}"
