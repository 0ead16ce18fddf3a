"""The monthly report as a paper: what was sent, the head's answer, annexes. Always Indonesian, whoever asks for it."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment
from pendamping.attachments.queries import attachments_by_id
from pendamping.cooperatives.models import Region
from pendamping.cooperatives.programme.queries import OfficeView, office_of
from pendamping.cooperatives.records.words import month_words
from pendamping.kernel.clock import office_date
from pendamping.kernel.filestore import FileStore
from pendamping.kernel.i18n import DEFAULT_LANGUAGE, clock_time, decimal, long_date, rupiah, short_date, signed, whole
from pendamping.reports.gather import letterhead_of, picture_of
from pendamping.reports.monthly.content import ActionFact, PhotoFact, PlanFact, ReportContent, VoiceFact
from pendamping.reports.monthly.due import days_late
from pendamping.reports.monthly.models import MonthlyReport, Section, StepKind
from pendamping.reports.monthly.queries import StepView, steps_of
from pendamping.reports.monthly.service import month_of
from pendamping.reports.monthly.words import instrument_word, section_word, voice_outcome
from pendamping.reports.papers import Letterhead, Line, Photo, Signature, paper_number
from pendamping.reports.tables import PaperAnnex, PaperSection, PaperTable
from pendamping.reports.typesetting import typeset
from pendamping.visits.words import purpose_word

REPORT_CODE = "LB"
VISIT_CODE = "BA"
UNKNOWN = "–"
NO_FACTS = "Tidak ada."


@dataclass(frozen=True, slots=True)
class MonthlyReportPaper:
    """Everything that the paper of a monthly report says; laid out by `papers/monthly_report.typ`."""

    letterhead: Letterhead
    title: str
    number: str
    dated: dt.date
    facts: Sequence[Line]
    sections: Sequence[PaperSection]
    addenda: Sequence[Line]
    answer: str
    signed_at: str
    facilitator: Signature
    head: Signature
    remarks: Sequence[Line]
    annexes: Sequence[PaperAnnex]
    photos: Sequence[Photo]


def monthly_report_pdf(paper: MonthlyReportPaper) -> bytes:
    return typeset("monthly_report", paper, dated=paper.dated)


def monthly_report_paper(session: Session, report: MonthlyReport, store: FileStore) -> MonthlyReportPaper:
    """The paper of a report that was sent at least once: what was sent last, whatever is being written since."""
    with force_locale(DEFAULT_LANGUAGE):
        return _paper(session, report, store)


def report_number(count: int | None, office: OfficeView, *, month: int, year: int) -> str:
    """0031/LB-KKMP/III/2026: from the city's one count of papers. The office's code is that of its berita acara, with
    LB in the place of BA; our proposal.
    """
    head, dash, rest = office.number_code.partition("-")
    code = f"{REPORT_CODE}{dash}{rest}" if head == VISIT_CODE else office.number_code
    return paper_number(count or 0, code, month=month, year=year)


def _paper(session: Session, report: MonthlyReport, store: FileStore) -> MonthlyReportPaper:
    facilitator, month = session.get_one(User, report.facilitator_id), month_of(report)
    office, steps = office_of(session, report.city_code), steps_of(session, report.id)
    sent = [step for step in steps if step.content is not None][-1]
    content = sent.content
    assert content is not None
    approval = next((step for step in steps if step.kind is StepKind.APPROVED), None)
    city = session.scalar(select(Region.display_name).where(Region.code == report.city_code)) or ""
    photos = [uuid.UUID(photo.attachment_id) for photo in content.photos]
    arrived = attachments_by_id(session, photos)
    return MonthlyReportPaper(
        letterhead=letterhead_of(office),
        title=f"Laporan bulanan pendamping {month_words(month)}",
        number=report_number(report.number, office, month=report.month, year=report.year),
        dated=office_date((approval or sent).made_at),
        facts=list(_facts(facilitator, content, month_words(month), sent)),
        sections=list(_sections(content)),
        addenda=[
            Line(f"{long_date(step.made_at)}, {step.author_name}", step.text)
            for step in steps
            if step.kind is StepKind.ADDENDUM
        ],
        answer=approval.text if approval else "",
        signed_at=f"{_place(city)}, {long_date((approval or sent).made_at)}",
        facilitator=Signature(facilitator.name),
        head=Signature(approval.author_name if approval else "", "" if approval else "belum disetujui"),
        remarks=list(_remarks(report, steps)),
        annexes=[_visits_annex(content)],
        photos=[_photo(each, arrived, store) for each in content.photos],
    )


def _place(city: str) -> str:
    return city.removeprefix("Kota ").removeprefix("Kabupaten ")


def _facts(facilitator: User, content: ReportContent, month: str, sent: StepView) -> Iterator[Line]:
    yield Line("Pendamping", facilitator.name)
    yield Line("Bulan", month)
    yield Line("Koperasi dampingan", whole(len(content.cooperatives)))
    yield Line("Kunjungan", f"{content.made} dari target {content.target}")
    yield Line("Tindakan baru", whole(len(content.agreed)))
    yield Line("Terverifikasi", whole(len(content.verified)))
    yield Line("Dikirim", f"{long_date(sent.made_at)}, {clock_time(sent.made_at)} WITA")


def _sections(content: ReportContent) -> Iterator[PaperSection]:
    makers = {
        Section.VISITS: _visits,
        Section.SCORES: _scores,
        Section.ACTIONS: _actions,
        Section.FIGURES: _figures,
        Section.OBSTACLES: _obstacles,
        Section.PLAN: _plan,
    }
    for section, make in makers.items():
        lead, tables = make(content)
        yield PaperSection(section_word(section), lead, tables, content.words_of(section))


Made = tuple[str, Sequence[PaperTable]]


def _visits(content: ReportContent) -> Made:
    rows = [
        (each.name, f"{each.made} / {each.target}", ", ".join(short_date(visit.on) for visit in each.visits) or UNKNOWN)
        for each in content.cooperatives
    ]
    lead = f"{content.made} kunjungan dari target {content.target}."
    return lead, [PaperTable("", ("Koperasi", "Kunjungan / target", "Tanggal"), rows, numbers=(1,))]


def _scores(content: ReportContent) -> Made:
    rows = [
        (
            each.name,
            instrument_word(each.instrument),
            decimal(each.after) + (" (sementara)" if each.is_provisional else ""),
            _change(each.change) + (" (versi lain)" if each.is_other_version else ""),
        )
        for each in content.scores
    ]
    head = ("Koperasi", "Instrumen", "Skor", "Perubahan")
    return "", [PaperTable("", head, rows, numbers=(2, 3), instead="Tidak ada skor baru bulan ini.")]


def _change(change: Decimal | None) -> str:
    return "pertama" if change is None else signed(change)


def _actions(content: ReportContent) -> Made:
    tables = [
        _action_table("Baru disepakati", content.agreed, "Tanggal"),
        _action_table("Terverifikasi", content.verified, "Tanggal"),
    ]
    if content.voices:
        tables.append(_voices_table(content.voices))
    return "", tables


def _voices_table(voices: Sequence[VoiceFact]) -> PaperTable:
    rows = [(each.name, _what_was_said(each), _how_it_was_answered(each)) for each in voices]
    return PaperTable("Keberatan dan pertanyaan koperasi", ("Koperasi", "Yang disampaikan", "Jawaban"), rows, widest=1)


def _what_was_said(voice: VoiceFact) -> str:
    kind = "Pertanyaan" if voice.is_question else "Keberatan"
    about = f" tentang “{voice.about}”" if voice.about else ""
    return f"{kind}{about}, {short_date(voice.on)}: {voice.said}"


def _how_it_was_answered(voice: VoiceFact) -> str:
    if voice.answered_on is None:
        return voice_outcome(voice.outcome)
    words = f"{voice_outcome(voice.outcome)}, {short_date(voice.answered_on)}"
    return f"{words}: {voice.answer}" if voice.answer else words


def _action_table(title: str, facts: Sequence[ActionFact], day: str) -> PaperTable:
    rows = [(each.title + (f" ({each.note})" if each.note else ""), each.name, short_date(each.on)) for each in facts]
    return PaperTable(title, ("Tindakan", "Koperasi", day), rows, numbers=(2,), instead=NO_FACTS)


def _figures(content: ReportContent) -> Made:
    rows = [
        (
            each.name,
            _members(each.members, each.members_before),
            UNKNOWN if each.savings_idr is None else rupiah(each.savings_idr),
            UNKNOWN if each.turnover_idr is None else rupiah(each.turnover_idr),
            UNKNOWN if each.cashless_percent is None else f"{each.cashless_percent}%",
        )
        for each in content.figures
    ]
    head = ("Koperasi", "Anggota", "Simpanan", "Omzet", "Nontunai")
    return "", [PaperTable("", head, rows, numbers=(1, 2, 3, 4), instead="Belum ada angka bulan ini.")]


def _members(now: int | None, before: int | None) -> str:
    if now is None:
        return UNKNOWN
    return whole(now) if before is None else f"{whole(now)} ({signed(now - before, 0)})"


def _obstacles(content: ReportContent) -> Made:
    missing = ", ".join(each.name for each in content.not_visited)
    tables = [
        _plan_table("Kunjungan yang batal", content.called_off, "Alasan") if content.called_off else None,
        _action_table("Tindakan lewat tenggat", content.late, "Tenggat") if content.late else None,
        _action_table("Tindakan dikembalikan", content.returned, "Tanggal") if content.returned else None,
    ]
    found = [each for each in tables if each is not None]
    if missing:
        return f"Belum dikunjungi: {missing}.", found
    return "" if found else "Tidak ada kendala dalam catatan.", found


def _plan(content: ReportContent) -> Made:
    return "", [
        _plan_table("Kunjungan yang direncanakan", content.planned, "Agenda"),
        _action_table("Tindakan jatuh tempo", content.due_next, "Tenggat"),
    ]


def _plan_table(title: str, facts: Sequence[PlanFact], words: str) -> PaperTable:
    rows = [(each.name, short_date(each.on), each.words) for each in facts]
    return PaperTable(title, ("Koperasi", "Tanggal", words), rows, numbers=(1,), instead=NO_FACTS)


def _remarks(report: MonthlyReport, steps: Sequence[StepView]) -> Iterator[Line]:
    """What is to be known of the report itself."""
    sent_on = office_date(report.first_sent_at) if report.first_sent_at else None
    if sent_on and (late := days_late(month_of(report), sent_on=sent_on, today=sent_on)):
        yield Line("Keterangan", f"dikirim pertama kali {long_date(sent_on)}, terlambat {late} hari")
    returned = [step for step in steps if step.kind is StepKind.RETURNED]
    if returned:
        last = returned[-1]
        yield Line("Dikembalikan", f"{len(returned)} kali, terakhir {long_date(last.made_at)}: {last.text}")


def _visits_annex(content: ReportContent) -> PaperAnnex:
    rows = [
        (
            each.name,
            long_date(visit.on) + (" (dari jauh)" if visit.is_remote else ""),
            f"{visit.number:04}/{visit.on.year}",
            ", ".join(purpose_word(purpose) for purpose in visit.purposes),
        )
        for each in content.cooperatives
        for visit in each.visits
    ]
    head = ("Koperasi", "Tanggal", "Berita acara", "Tujuan")
    return PaperAnnex("Lampiran: kunjungan", [PaperTable("", head, rows, instead="Tidak ada kunjungan.")])


def _photo(fact: PhotoFact, arrived: Mapping[uuid.UUID, Attachment], store: FileStore) -> Photo:
    attachment = arrived.get(uuid.UUID(fact.attachment_id))
    picture = picture_of(attachment, store) if attachment else None
    shows = fact.caption or "Foto kegiatan"
    taken_at = attachment.taken_at if attachment else None
    taken = f"{long_date(taken_at)}, pukul {clock_time(taken_at)} WITA" if taken_at else "waktu tidak tercatat di foto"
    return Photo(shows, taken, picture, "" if picture else "Berkas ini tidak dapat ditampilkan di kertas")
