"""What can be wrong with a copy, or with the place where it is to go; each is one clear line."""

from collections.abc import Sequence

from pendamping.kernel.errors import DomainError
from pendamping.kernel.words import N_

FEW = 5


def shortened(found: Sequence[str]) -> str:
    """Findings on one line."""
    more = f", dan {len(found) - FEW} lagi" if len(found) > FEW else ""
    return "; ".join(found[:FEW]) + more


class CopyFault(DomainError):
    """A copy cannot be made, read or put back. Nothing was changed."""

    code = "copy_fault"


class NotACopy(CopyFault):
    code = "not_a_backup"
    explanation = N_("%(file)s bukan cadangan Pendamping.")


class DamagedCopy(CopyFault):
    code = "damaged_copy"
    explanation = N_("%(file)s rusak: %(what)s. Tidak ada yang diubah.")


class NewerCopy(CopyFault):
    code = "newer_copy"
    explanation = N_("%(file)s dibuat oleh program yang lebih baru (%(what)s). Mutakhirkan program dahulu.")


class OtherDatabase(CopyFault):
    code = "other_database"
    explanation = N_("%(file)s berasal dari %(theirs)s, sedangkan di sini %(ours)s. Atur DATABASE_URL sesuai asalnya.")


class PassphraseNeeded(CopyFault):
    code = "passphrase_needed"
    explanation = N_("%(file)s terkunci. Berikan kata sandinya lewat masukan standar: --passphrase-stdin")


class WrongPassphrase(CopyFault):
    code = "wrong_passphrase"
    explanation = N_("Kata sandi untuk %(file)s salah. Tidak ada yang diubah.")


class PlaceNotEmpty(CopyFault):
    code = "place_not_empty"
    explanation = N_("Cadangan hanya dipulihkan ke tempat kosong; di sini sudah ada %(what)s.")


class NotPrepared(CopyFault):
    code = "not_prepared"
    explanation = N_("Basis data belum disiapkan; belum ada yang dapat dicadangkan.")


class BrokenDatabase(CopyFault):
    code = "broken_database"
    explanation = N_("Basis data rusak: %(what)s. %(file)s hanya salinan penyelamatan; cadangan lama tidak disentuh.")


class DatabaseRefuses(CopyFault):
    code = "database_refuses"
    explanation = N_("Basis data menolak: %(why)s. Tidak ada yang diubah.")


class TargetThere(CopyFault):
    code = "target_there"
    explanation = N_("%(file)s sudah ada; cadangan lama tidak ditimpa. Pilih nama lain.")


class CannotWrite(CopyFault):
    code = "cannot_write"
    explanation = N_("%(file)s tidak dapat ditulis: %(why)s")


class CannotRead(CopyFault):
    code = "cannot_read"
    explanation = N_("%(file)s tidak dapat dibaca: %(why)s")
