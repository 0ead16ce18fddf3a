"""PDFs, believed only when they open: nothing in one may act by itself, hide another file, or be something else too.

Pure: bytes in, a refusal or nothing out. No regulation asks for this; refused is what a paper that somebody only wants
to read never needs (our proposal, after the actions that PDF 32000-1, 12.6.4, lets a file start by itself).
"""

import io
from collections.abc import Iterator
from typing import Any

from pendamping.kernel.errors import DomainError
from pendamping.kernel.words import N_

MOST_OBJECTS = 20_000
"""A scanned paper has some hundreds; a file that claims more is made to hurt."""
DEEPEST = 40
ACTING = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound"}
"""Actions that run something, send something, or open another file. A plain link to a page on the web is none."""
PLAYING = {"/RichMedia", "/Movie", "/Screen", "/3D"}
HEADER, TRAILER = b"%PDF-", b"%%EOF"
LOOKED_FOR_WITHIN = 1024
"""Readers take for a PDF whatever says so in its first kilobyte."""
PAGE_MARKS = (b"<!doctype", b"<html", b"<script")
ARCHIVE_BEGINS, ARCHIVE_ENDS, ARCHIVE_TAIL = b"PK\x03\x04", b"PK\x05\x06", 66_000
"""A ZIP is read from its end; its last record lies within so many bytes of it (APPNOTE 4.3.16)."""


class NotADocument(DomainError):
    code = "not_a_document"
    status = 415
    explanation = N_("Berkas ini tidak dapat dibuka. Kirim PDF atau foto.")


class EncryptedDocument(DomainError):
    code = "encrypted_document"
    status = 415
    explanation = N_("PDF ini terkunci kata sandi. Simpan sekali lagi tanpa kata sandi, lalu kirim.")


class ActingDocument(DomainError):
    code = "acting_document"
    status = 415
    explanation = N_("PDF ini berisi program (JavaScript atau perintah). Cetak ke PDF sekali lagi, lalu kirim itu.")


class DocumentWithFiles(DomainError):
    code = "document_with_files"
    status = 415
    explanation = N_("PDF ini membawa berkas lain di dalamnya. Kirim berkas itu satu per satu.")


class HeavyDocument(DomainError):
    code = "heavy_document"
    status = 415
    explanation = N_("PDF ini menjadi terlalu besar bila dibuka. Cetak ke PDF sekali lagi, lalu kirim itu.")


class TwoKindsOfFile(DomainError):
    code = "two_kinds_of_file"
    status = 415
    explanation = N_("Berkas ini dua jenis sekaligus: PDF dan yang lain. Cetak ke PDF sekali lagi, lalu kirim itu.")


def refuse_unsafe_pdf(data: bytes) -> None:
    """Open a PDF and look at all of it. What it inflates to is not bounded here but in `apart`.

    Raises:
        TwoKindsOfFile: something stands before its beginning or behind its end.
        EncryptedDocument: it opens with a password only, or forbids to be read.
        ActingDocument: it holds JavaScript, launches, submits, or opens other files.
        DocumentWithFiles: it carries further files.
        NotADocument: it does not open, or has no page.
        MemoryError: there is none left for all of it.
    """
    _refuse_other_kinds(data)
    import pikepdf  # loads a library that few requests need

    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise EncryptedDocument
            try:
                _look_through(pdf)
            finally:
                _refuse_unread(pdf)
    except (DomainError, MemoryError):
        raise
    except pikepdf.PasswordError as error:
        raise EncryptedDocument from error
    except Exception as error:
        raise NotADocument from error


def says_pdf(data: bytes) -> bool:
    return HEADER in data[:LOOKED_FOR_WITHIN]


def _refuse_other_kinds(data: bytes) -> None:
    """What other programs, which look at the beginning or at the end alone, would take for another kind of file."""
    beginning = data[:LOOKED_FOR_WITHIN].lower()
    if not data.lstrip().startswith(HEADER) or any(each in beginning for each in PAGE_MARKS):
        raise TwoKindsOfFile
    end = data.rfind(TRAILER)
    if end < 0:
        raise NotADocument
    if data[end + len(TRAILER) :].strip(b"\r\n\t \0") or (
        ARCHIVE_ENDS in data[-ARCHIVE_TAIL:] and ARCHIVE_BEGINS in data
    ):
        raise TwoKindsOfFile


def _look_through(pdf: Any) -> None:
    if len(pdf.objects) > MOST_OBJECTS or len(pdf.pages) == 0:
        raise NotADocument
    if "/EmbeddedFiles" in pdf.Root.get("/Names", {}) or "/Collection" in pdf.Root or len(pdf.attachments):
        raise DocumentWithFiles
    for thing in pdf.objects:
        for keys in _dictionaries(thing):
            _refuse_acting(keys)


def _refuse_unread(pdf: Any) -> None:
    """qpdf warns of a part that it had no memory for, and goes on without it."""
    if any("bad_alloc" in str(each) for each in pdf.get_warnings()):
        raise MemoryError


def _dictionaries(thing: Any, depth: int = 0) -> Iterator[Any]:
    """An object and what stands directly inside it; what it refers to comes by itself."""
    import pikepdf

    if depth > DEEPEST or (depth and getattr(thing, "is_indirect", False)):
        return
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        yield thing
        for value in dict(thing.items()).values():
            yield from _dictionaries(value, depth + 1)
    elif isinstance(thing, pikepdf.Array):
        for value in thing:
            yield from _dictionaries(value, depth + 1)


def _refuse_acting(keys: Any) -> None:
    kind, subtype = str(keys.get("/Type", "")), str(keys.get("/Subtype", ""))
    acts = str(keys.get("/S", "")) in ACTING and kind != "/StructElem"
    if acts or subtype in PLAYING or "/JS" in keys or "/JavaScript" in keys or "/XFA" in keys:
        raise ActingDocument
    if kind == "/EmbeddedFile" or "/EF" in keys or subtype == "/FileAttachment":
        raise DocumentWithFiles
