"""What can go wrong by the rules of the house, each with a stable code, for services to raise."""

from pendamping.kernel.words import N_


class DomainError(Exception):
    """A rule was broken. `code` is stable for machines, `explanation` is for people (translated where it is shown)."""

    code = "conflict"
    status = 409
    explanation = N_("Permintaan ini bertentangan dengan data yang sudah tersimpan.")

    def __init__(self, **params: str) -> None:
        super().__init__(self.code, params)
        self.params = params


class NotAllowed(DomainError):
    code = "not_allowed"
    status = 403
    explanation = N_("Akun Anda tidak berwenang untuk ini.")


class NotThere(DomainError):
    """Not there, or not theirs: the two look the same from outside."""

    code = "not_found"
    status = 404
    explanation = N_("Halaman atau data ini tidak ada, atau bukan bagian Anda.")
