"""What can go wrong with a monthly report, in words for people."""

from pendamping.kernel.errors import DomainError
from pendamping.kernel.words import N_


class ReportChanged(DomainError):
    code = "report_changed"
    explanation = N_("Laporan ini baru saja berubah. Periksa isinya yang terbaru, lalu putuskan lagi.")


class ReportIsClosed(DomainError):
    code = "report_is_closed"
    explanation = N_("Laporan ini sudah dikirim, jadi isinya tidak dapat diubah. Tarik dahulu bila masih perlu diubah.")


class NotWaiting(DomainError):
    code = "report_not_waiting"
    explanation = N_("Laporan ini tidak sedang menunggu keputusan.")


class NotApproved(DomainError):
    code = "report_not_approved"
    explanation = N_("Tambahan hanya untuk laporan yang sudah disetujui.")


class MonthIsNotOver(DomainError):
    code = "month_is_not_over"
    explanation = N_("Bulan ini belum selesai. Laporan dikirim mulai tanggal 1 bulan berikutnya.")


class NothingToReport(DomainError):
    code = "nothing_to_report"
    explanation = N_("Pada bulan itu Anda tidak mendampingi koperasi mana pun.")


class LogMovedOn(DomainError):
    code = "log_moved_on"
    explanation = N_(
        "Sejak laporan dikirim, catatan kunjungan bulan itu berubah. Kembalikan laporannya supaya dikirim lagi."
    )


class WordsNeeded(DomainError):
    code = "words_needed"
    status = 400
    explanation = N_("Tulis alasan atau jawabannya.")


class ForeignPhoto(DomainError):
    code = "foreign_photo"
    status = 400
    explanation = N_("Foto ini bukan kiriman Anda. Tambahkan sekali lagi.")


class TooManyPhotos(DomainError):
    code = "too_many_photos"
    status = 400
    explanation = N_("Satu laporan memuat paling banyak %(most)s foto.")
