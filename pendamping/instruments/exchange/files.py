"""The file of an edited instrument, workbook or YAML, back to a sound document."""

from collections.abc import Mapping

from pendamping.instruments.exchange.package import refused
from pendamping.instruments.exchange.spreadsheet import read_workbook
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.text import read_yaml

_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv")
_ARCHIVE, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_file(name: str, content: bytes) -> Mapping[str, object]:
    """The sound document in a file: what begins like a workbook, or is called like one, is read as one.

    Raises:
        InstrumentInvalid: every fault with its cell, item or line; whatever the bytes, nothing else is raised.
    """
    if content.startswith((_ARCHIVE, _OLE)) or name.lower().endswith(_SPREADSHEETS):
        return read_workbook(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused("bukan teks UTF-8 dan bukan buku kerja Excel (.xlsx)") from error
    document = read_yaml(text)
    parse(document)
    return document
