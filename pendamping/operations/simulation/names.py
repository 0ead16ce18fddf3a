"""Names of people who do not exist. Any likeness is the names' own: each half is a common one."""

import re

from pendamping.instruments.definition import OwnerRole
from pendamping.operations.simulation.chance import Chance

DEMO = "(demo)"
"""Stands in the name of every simulated account."""
FACILITATORS = (
    ("ratna", "Ratna Wulandari"),
    ("bayu", "Bayu Saputra"),
    ("nurul", "Nurul Hidayah"),
    ("andi", "Andi Mappangara"),
    ("fitri", "Fitriani Lestari"),
    ("yoga", "Yoga Pratama"),
    ("maria", "Maria Tandilolo"),
)
HEAD = ("kepala", "Hj. Sri Rahmawati")
ADMIN = ("admin.demo", "Admin")
FIRST = (
    "Abdul", "Agus", "Aisyah", "Ani", "Arif", "Asmawati", "Budi", "Burhan", "Darmawan", "Desi", "Dewi", "Dwi", "Eko",
    "Endang", "Fadli", "Farida", "Gunawan", "Halimah", "Hamzah", "Hartini", "Hasan", "Hendra", "Herlina", "Ida",
    "Ilham", "Indah", "Irwan", "Ismail", "Jamilah", "Joko", "Jumiati", "Kartini", "Kusuma", "Laila", "Lukman",
    "Mardiana", "Marwan", "Masitah", "Muliadi", "Nani", "Norhayati", "Nur", "Rahmat", "Rina", "Rosmini", "Rusli",
    "Saiful", "Salmah", "Siti", "Slamet", "Suhartini", "Suparman", "Suryadi", "Syamsul", "Tri", "Umar", "Wahyu",
    "Wati", "Yanti", "Yusuf", "Zainal", "Zubaidah",
)  # fmt: skip
LAST = (
    "Alamsyah", "Aminah", "Anggraini", "Arsyad", "Astuti", "Basri", "Effendi", "Fauzi", "Firmansyah", "Handayani",
    "Hartono", "Hasanah", "Hidayat", "Iskandar", "Kurniawan", "Latif", "Mahmud", "Maulana", "Mulyani", "Mustafa",
    "Ningsih", "Noor", "Nugroho", "Permata", "Prasetyo", "Purnomo", "Rahim", "Rahman", "Ramadhani", "Rosidah",
    "Said", "Santoso", "Sari", "Setiawan", "Siregar", "Suharto", "Sulaiman", "Supriyadi", "Susanti", "Susilo",
    "Syahrani", "Tahir", "Utami", "Wahyuni", "Wibowo", "Widodo", "Wijaya", "Yulianti", "Yunus", "Yusran",
)  # fmt: skip
POSTS = {
    OwnerRole.CHAIR: "Ketua",
    OwnerRole.DEPUTY_BUSINESS: "Wakil ketua bidang usaha",
    OwnerRole.DEPUTY_MEMBERS: "Wakil ketua bidang anggota",
    OwnerRole.SECRETARY: "Sekretaris",
    OwnerRole.TREASURER: "Bendahara",
    OwnerRole.SUPERVISOR: "Pengawas",
}
"""The posts as a facilitator writes them down beside the people met."""


def person(chance: Chance) -> str:
    return f"{chance.choice(FIRST)} {chance.choice(LAST)}"


def phone(chance: Chance) -> str:
    """Looks like a number and is none: no network gives out a block that begins with zeros."""
    return f"0800 0000 {chance.digits(4)}"


def facilitator(number: int) -> tuple[str, str]:
    """Username and name of the n-th facilitator, from 0: seven have names of their own, further ones a number."""
    if number < len(FACILITATORS):
        username, name = FACILITATORS[number]
        return username, f"{name} {DEMO}"
    return f"pendamping.{number + 1}", f"Pendamping Simulasi {number + 1} {DEMO}"


def cooperative_username(ward_name: str) -> str:
    """kkmp.grahaindah for Graha Indah."""
    return "kkmp." + re.sub(r"[^a-z0-9]", "", ward_name.lower())[:32]


def password(chance: Chance) -> str:
    """One for all demo accounts, easy to read out; the same for the same seed."""
    words = ("teluk", "layar", "bakau", "pasar", "dermaga", "bekantan", "melawai", "angsana")
    return f"demo-{chance.choice(words)}-{chance.digits(4)}"
