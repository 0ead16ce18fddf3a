"""Which PDFs are taken, and what is said of those that are not."""

from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from pendamping.attachments import papers
from pendamping.attachments.pictures import facts_of_file
from pendamping.kernel.errors import DomainError
from pendamping.reports.papers import improvement_plan_pdf
from tests.pictures import PDF, paper, photo
from tests.reports.samples import plan_paper


def run_when_opened(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def run_by_name(pdf: Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS=pdf.make_stream(b"app.alert(1)"))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["mulai", pdf.make_indirect(action)])))


def launch_from_a_page(pdf: Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Launch, F="cmd.exe"))


def send_from_a_button(pdf: Pdf) -> None:
    button = Dictionary(Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.SubmitForm))
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(button)])


def ask_by_xfa(pdf: Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(XFA=pdf.make_stream(b"<xdp/>"), Fields=Array([]))


def carry_a_file(pdf: Pdf) -> None:
    pdf.attachments["hadiah.exe"] = b"MZ"


def pin_a_file_to_a_page(pdf: Pdf) -> None:
    pinned = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(pinned)])


def play(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.RichMedia)])


def link_to_the_web(pdf: Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI="https://evil.example"))
    pdf.pages[0].obj.Annots = Array([link])


def be_tagged(pdf: Pdf) -> None:
    pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=Dictionary(Type=Name.StructElem, S=Name.Sound))


def be_without_a_page(pdf: Pdf) -> None:
    del pdf.pages[0]


ACTING: dict[type[DomainError], tuple[Callable[[Pdf], None], ...]] = {
    papers.ActingDocument: (run_when_opened, run_by_name, launch_from_a_page, send_from_a_button, ask_by_xfa, play),
    papers.DocumentWithFiles: (carry_a_file, pin_a_file_to_a_page),
    papers.NotADocument: (be_without_a_page,),
}
OTHERS: dict[type[DomainError], tuple[bytes, ...]] = {
    papers.TwoKindsOfFile: (
        b"GIF89a" + PDF,
        photo()[:20] + PDF,
        PDF + b"<script>alert(1)</script>",
        PDF.replace(b"\n", b"\n% <html><script>alert(1)</script>\n", 1),
        PDF.replace(b"\n", b"\n% PK\x03\x04 ... PK\x05\x06\n", 1),
    ),
    papers.NotADocument: (PDF[:30], b"%PDF-1.7\n%%EOF\n", PDF[: len(PDF) // 3] + b"%%EOF"),
    papers.EncryptedDocument: (
        paper(encryption=pikepdf.Encryption(owner="a", user="b")),
        paper(encryption=pikepdf.Encryption(owner="a", user="")),
    ),
}


def test_what_acts_carries_or_is_something_else_is_refused_in_words_that_say_which() -> None:
    cases = [
        (made, wanted) for wanted, ways in ACTING.items() for way in ways for made in (paper(way), compressed(way))
    ]
    cases += [(data, wanted) for wanted, files in OTHERS.items() for data in files]

    assert [type(refusal_of(data)) for data, _ in cases] == [wanted for _, wanted in cases]


def compressed(way: Callable[[Pdf], None]) -> bytes:
    """The same with its objects inside streams, where looking for words in the bytes finds nothing."""
    return paper(way, is_compressed=True)


def refusal_of(data: bytes) -> DomainError | None:
    try:
        papers.refuse_unsafe_pdf(data)
    except DomainError as error:
        return error
    return None


@pytest.mark.parametrize("make", [None, link_to_the_web, be_tagged])
def test_a_paper_that_only_wants_to_be_read_is_taken(make: Callable[[Pdf], None] | None) -> None:
    assert facts_of_file(paper(make)).width is None
    assert refusal_of(b"\r\n" + paper(make) + b"\r\n\0") is None


def test_a_file_that_claims_more_objects_than_any_paper_is_not_read_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MOST_OBJECTS", 3)

    assert isinstance(refusal_of(paper(run_when_opened)), papers.NotADocument)


def test_a_paper_of_this_houses_own_making_is_taken() -> None:
    assert refusal_of(improvement_plan_pdf(plan_paper())) is None
