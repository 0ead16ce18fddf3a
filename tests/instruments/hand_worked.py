"""Scores worked with a pencil from the instruments' YAML and its `scoring` block, never from the code.

`CASES` for the scoring rules; `WORKED` for tests that enter a visit's answers on a page. All with the decree of
14 July 2025 and the book year to 31 December 2025. Levels count 0, 0.3333, 0.6667, 1 as the files say.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

F = Fraction  # short, for the tables
CLAIM, SEEN = "klaim", "dokumen_dilihat"
DECREE_ON = dt.date(2025, 7, 14)
BOOK_YEAR_END = dt.date(2025, 12, 31)
GOOD, NOTHING = "everything good", "nothing answered"


@dataclass(frozen=True)
class Case:
    """One score: from `start`, with what `but` changes, at `stage`.

    GOOD: everything the stage asks is answered as well as can be, with proof. `but` reads "KL-01 no, KL-02 yes klaim,
    KL-F blank"; a section's code means all its items. `sections` names those whose score is checked too.
    """

    claim: str
    but: str
    answered_of_applicable: str
    score: Fraction | None
    rounded: str | None
    band: str | None
    unmet: str = ""
    stage: int = 2
    start: str = GOOD
    is_provisional: bool = False
    sections: dict[str, Fraction | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WorkedExample:
    """Answers as they are entered, and what must come out; `shown` is the score as the screen writes it."""

    answers: dict[str, tuple[str, str, str]]  # item id -> (value, proof, note)
    score: Decimal
    shown: str
    band_name: str
    is_provisional: bool
    critical_unmet: tuple[str, ...]
    answered: int
    applicable: int
    stage: int = 2


# Where every item is judged, an item of weight w that loses the part p of its value costs w*p points of 100: each
# section's weight is the sum of its items' weights, and these add up to 100 (UK: at stage 3).
# Losses used again and again, all of items that are not critical:
KL_13 = "KL-01 no, KL-06 no, KL-11 no, KL-12 no, KL-32 no"  # 3+2+3+2+3
KL_A11_B13 = (  # 3+2+2+2+2 of KL-A and 3+2+1+2+1+2+1+1 of KL-B
    "KL-01 no, KL-05 0, KL-06 no, KL-08 0, KL-09 not_done, "
    "KL-11 no, KL-12 no, KL-14 0, KL-15 0, KL-16 no, KL-17 0, KL-18 0, KL-19 no"
)
KL_C8_E13 = (  # 3+1+1+1+1+1 of KL-C and 4+1+2+3+3 = all of KL-E
    "KL-22 0, KL-23 0, KL-24 no, KL-26 0, KL-27 no, KL-28 0, KL-35 0, KL-45 no, KL-37 0, KL-38 0, KL-39 no"
)
TK_13 = "TK-07 0, TK-14 no, TK-20 0, TK-10 no"  # 4+3+3+3
TK_30 = f"{TK_13}, TK-09 no, TK-29 0, TK-33 0, TK-35 0, TK-02 365, TK-31 no"  # 13 + 2+4+3+3+3+2
UK_18 = "UK-02 0, UK-03 0, UK-04 0, UK-06 no, UK-10 no"  # 4+5+3+3+3
UK_33 = f"{UK_18}, UK-05 no, UK-08 no, UK-12 0, UK-16 0"  # 18 + 4+4+4+3
UK_53 = f"{UK_33}, UK-11 no, UK-13 0, UK-15 0, UK-18 0, UK-19 0, UK-20 0"  # 33 + 2+4+3+4+3+4

# fmt: off
KL_CASES = [
    Case("everything good is 100", "", "44/44", F(100), "100.0000", "siap"),
    Case("stage 3 asks the same 44 items as stage 2", "", "44/44", F(100), "100.0000", "siap", stage=3),
    Case("at stage 1 five items are hidden, whatever they were answered, and section F leaves the total",
         "KL-01 no, KL-08 0, KL-16 no, KL-28 0, KL-40 0, KL-41 0",
         # KL-A without KL-08 weighs 18, of which 3 lost; 100 - 5 for KL-F
         "39/39", 100 * (F(20 * 15, 18) + 20 + 18 + 17 + 13 + 7) / 95, "96.4912", "siap",
         stage=1, sections={"KL-A": F(100 * 15, 18), "KL-B": F(100), "KL-C": F(100), "KL-F": None}),
    Case("85 exactly is the first band", f"{KL_13}, KL-19 no, KL-24 no",
         "44/44", F(100 - 13 - 1 - 1), "85.0000", "siap"),
    Case("84.9999 shows as 85,0 and is the second band", f"{KL_13}, KL-21 1",
         "44/44", 100 - 13 - 3 * F("0.6667"), "84.9999", "cukup_siap"),
    Case("85.0001 is the first band", f"{KL_13}, KL-19 no, KL-21 2",
         "44/44", 100 - 13 - 1 - 3 * F("0.3333"), "85.0001", "siap"),
    Case("84.99996 is kept as 85.0000 and is still the second band",
         "KL-01 no, KL-06 no, KL-11 no, KL-12 no, KL-09 2026-07-15, KL-26 1, KL-21 2, KL-42 1, KL-44 blank",
         # 3+2+3+2; 2*0.4; 1*0.4; 3*0.3333; KL-G weighs 7 but only 3+2 are judged: 7/5 * 3*0.6667
         "43/44", 100 - 10 - F("0.8") - F("0.4") - F("0.9999") - F(7, 5) * F("2.0001"), "85.0000", "cukup_siap"),
    Case("70 exactly is the second band", f"{KL_A11_B13}, KL-21 0, KL-22 0",
         "44/44", F(100 - 11 - 13 - 3 - 3), "70.0000", "cukup_siap"),
    Case("69.9999 is the third band", f"{KL_A11_B13}, KL-21 1, KL-22 0, KL-24 no",
         "44/44", 100 - 24 - F("2.0001") - 3 - 1, "69.9999", "perlu_penguatan"),
    Case("50 exactly is the third band", f"{KL_A11_B13}, {KL_C8_E13}, KL-21 0, KL-43 0",
         "44/44", F(100 - 24 - 8 - 13 - 3 - 2), "50.0000", "perlu_penguatan",
         sections={"KL-A": F(100 * 9, 20), "KL-B": F(100 * 7, 20), "KL-E": F(0), "KL-G": F(100 * 5, 7)}),
    Case("49.9999 is the fourth band", f"{KL_A11_B13}, {KL_C8_E13}, KL-21 1, KL-32 no",
         "44/44", 100 - 24 - 21 - F("2.0001") - 3, "49.9999", "belum_siap"),
    Case("one poor critical answer caps the band at the third and leaves the score", "KL-02 no",
         "44/44", F(97), "97.0000", "perlu_penguatan", unmet="KL-02"),
    Case("a good critical answer by claim alone counts 0 and caps", "KL-20 3 klaim",
         "44/44", F(96), "96.0000", "perlu_penguatan", unmet="KL-20"),
    Case("a poor critical answer by claim alone counts what it is", "KL-20 1 klaim",
         "44/44", 100 - 4 * F("0.6667"), "97.3332", "perlu_penguatan", unmet="KL-20"),
    Case("critical level 2 with proof is met", "KL-20 2", "44/44", 100 - 4 * F("0.3333"), "98.6668", "siap"),
    Case("good answers by claim alone count in full where nothing is critical",
         "KL-01 yes klaim, KL-09 2026-01-15 klaim, KL-14 2 klaim, KL-31 accepted klaim, KL-35 3 klaim",
         "44/44", F(100), "100.0000", "siap"),
    Case("the cap takes the second band to the third", f"{KL_13}, KL-02 no, KL-21 0, KL-22 0, KL-39 no",
         "44/44", F(100 - 13 - 3 - 3 - 3 - 3), "75.0000", "perlu_penguatan", unmet="KL-02"),
    Case("50 with a critical failure is the third band by its own score",
         f"{KL_A11_B13}, {KL_C8_E13}, KL-21 0, KL-03 no",
         "44/44", F(100 - 24 - 21 - 3 - 2), "50.0000", "perlu_penguatan", unmet="KL-03"),
    Case("below 50 a critical failure stays in the fourth band",
         f"{KL_A11_B13}, {KL_C8_E13}, KL-21 0, KL-03 no, KL-43 0",
         "44/44", F(48), "48.0000", "belum_siap", unmet="KL-03"),
    Case("several critical failures stand in the instrument's order",
         "KL-34 no, KL-29 2026-07-01, KL-25 79, KL-13 no, KL-02 yes klaim",
         "44/44", 100 - 3 - 3 - 3 * F("0.7") - 5 * F("0.7") - 2, "86.4000", "perlu_penguatan",
         unmet="KL-02 KL-13 KL-25 KL-29 KL-34"),
    Case("critical numbers and dates from 0.5 up are met", "KL-25 80, KL-29 2026-06-30",
         "44/44", 100 - 3 * F("0.4") - 5 * F("0.3"), "97.3000", "siap"),
    Case("a critical item not yet answered is not unmet and its weight leaves the denominator",
         "KL-02 blank, KL-01 no",
         "43/44", F(20 * 14, 17) + 80, "96.4706", "siap", sections={"KL-A": F(100 * 14, 17)}),
    Case("N/A leaves the denominator and the applicable items", "KL-05 na, KL-08 na, KL-01 no",
         "42/42", F(20 * 13, 16) + 80, "96.2500", "siap", sections={"KL-A": F(100 * 13, 16)}),
    Case("a section keeps its weight when one item of it is left; critical items N/A are not unmet",
         "KL-29 na, KL-30 na, KL-31 na, KL-33 na, KL-34 na, KL-32 no",
         "39/39", F(100 - 17), "83.0000", "cukup_siap", sections={"KL-D": F(0)}),
    Case("a section without an answer leaves the total", "KL-F blank, KL-32 no",
         "42/44", F(100 * (95 - 3), 95), "96.8421", "siap", sections={"KL-D": F(100 * 14, 17), "KL-F": None}),
    Case("36 of 40 applicable is 90 %: not provisional",
         "KL-05 na, KL-08 na, KL-16 na, KL-28 na, KL-G blank, KL-45 blank, KL-01 no",
         "36/40", 100 * (F(20 * 13, 16) + 20 + 18 + 17 + 13 + 5) / 93, "95.9677", "siap",
         sections={"KL-G": None, "KL-E": F(100)}),
    Case("35 of 40 applicable is provisional",
         "KL-05 na, KL-08 na, KL-16 na, KL-28 na, KL-G blank, KL-45 blank, KL-01 no, KL-19 blank",
         "35/40", 100 * (F(20 * 13, 16) + 73) / 93, "95.9677", "siap", is_provisional=True),
    Case("40 of 44 is above 90 %: not provisional", "KL-G blank, KL-45 blank", "40/44", F(100), "100.0000", "siap"),
    Case("39 of 44 is below 90 %: provisional", "KL-G blank, KL-45 blank, KL-19 blank",
         "39/44", F(100), "100.0000", "siap", is_provisional=True),
    Case("35 of 39 is 89.7 %: provisional", "KL-G blank, KL-45 blank",
         "35/39", F(100), "100.0000", "siap", stage=1, is_provisional=True),
    Case("nothing answered has no score and no band", "",
         "0/44", None, None, None, start=NOTHING, is_provisional=True, sections={"KL-A": None, "KL-G": None}),
    Case("only N/A answered has no score and no band", "KL-05 na, KL-08 na",
         "0/42", None, None, None, start=NOTHING, is_provisional=True),
    Case("one answer makes a provisional score of its section alone", "KL-21 2",
         "1/44", F("66.67"), "66.6700", "perlu_penguatan",
         start=NOTHING, is_provisional=True, sections={"KL-A": None, "KL-C": F("66.67")}),
    Case("an assessment of all 44 items",
         "KL-01 yes, KL-02 yes, KL-03 yes, KL-04 yes klaim, KL-05 2, KL-06 no, KL-07 yes, "
         "KL-08 na, KL-09 2026-07-15, "
         "KL-10 yes, KL-11 yes klaim, KL-12 no, KL-13 yes, KL-14 1, KL-15 1, KL-16 na, KL-17 2, KL-18 3, KL-19 yes, "
         "KL-20 2, KL-21 1, KL-22 40, KL-23 -4, KL-24 yes, KL-25 80, KL-26 1, KL-27 no, KL-28 30, "
         "KL-29 2026-06-30, KL-30 2, KL-31 missing, KL-32 yes, KL-33 blank, KL-34 na, "
         "KL-35 1, KL-45 no, KL-37 2, KL-38 1, KL-39 yes, KL-40 1, KL-41 0, KL-42 2, KL-43 1, KL-44 blank",
         # 20 * 0.6963 + 14.947368 + 9.5667 + 17 * 0.602569 + 6.6665 + 1.8 + 7 * 0.53334
         "39/41", F("13.926") + F(284, 19) + F("9.5667") + F("133.1678") / 13 + F("6.6665") + F("1.8") + F("3.73338"),
         "60.8836", "perlu_penguatan", unmet="KL-04", start=NOTHING, sections={
            "KL-A": F("1253.34") / 18,  # 3 + 3 + 2 + 0 (critical claim) + 2*0.6667 + 0 + 2 + 2*0.6, of 20 - 2
            "KL-B": F("1420") / 19,  # 4 + 3 + 0 + 3 + 0.5 + 2*0.3333 + 2*0.6667 + 0.7 + 1, of 20 - 1
            "KL-C": F("956.67") / 18,  # 4*0.6667 + 3*0.3333 + 3*0.6 + 0 + 1 + 3*0.6 + 0.6 + 0 + 0.7
            "KL-D": F("783.34") / 13,  # 5*0.7 + 2*0.6667 + 0 + 3, of 17 - 2 - 2
            "KL-E": F("666.65") / 13,  # 4*0.3333 + 0 + 2*0.6667 + 3*0.3333 + 3
            "KL-F": F("180") / 5,  # 3*0.6 + 0
            "KL-G": F("266.67") / 5,  # 3*0.6667 + 2*0.3333, of 7 - 2
        }),
]

TK_CASES = [
    Case("everything good is 100", "", "40/40", F(100), "100.0000", "transparan"),
    Case("at stage 1 nine items are hidden and section H keeps its weight 8 for the tax return alone",
         "TK-39 2026-05-01, TK-01 2",
         # TK-A without TK-05 weighs 16, of which 5*0.3333 lost
         "31/31", 18 * (16 - 5 * F("0.3333")) / 16 + 16 + 16 + 14 + 8 + 12 + 8 + 8 * F("0.5"), "94.1252", "transparan",
         stage=1, sections={"TK-A": 100 * (11 + 5 * F("0.6667")) / 16, "TK-H": F(50)}),
    Case("hidden critical items are not unmet, whatever they were answered", "TK-23 no, TK-38 no, TK-22 0",
         "31/31", F(100), "100.0000", "transparan", stage=1),
    Case("a section all N/A leaves the total", "TK-E na, TK-29 0",
         "36/36", F(100 * (92 - 4), 92), "95.6522", "transparan", sections={"TK-E": None, "TK-F": F(100 * 8, 12)}),
    Case("a section all unanswered leaves the total; 36 of 40 is 90 %: not provisional", "TK-E blank, TK-29 0",
         "36/40", F(100 * (92 - 4), 92), "95.6522", "transparan", sections={"TK-E": None}),
    Case("35 of 40 is provisional", "TK-E blank, TK-29 0, TK-36 blank",
         "35/40", F(100 * (92 - 4), 92), "95.6522", "transparan", is_provisional=True),
    Case("85 exactly is the first band", f"{TK_13}, TK-09 no", "40/40", F(100 - 13 - 2), "85.0000", "transparan"),
    Case("84.9999 is the second band", f"{TK_13}, TK-35 1",
         "40/40", 100 - 13 - 3 * F("0.6667"), "84.9999", "cukup_transparan"),
    Case("84.99996 is kept as 85.0000 and is still the second band",
         "TK-22 na, TK-23 na, TK-20 1, TK-35 2, TK-02 3, TK-03 9, TK-07 0, TK-14 no, TK-10 no",
         # TK-D weighs 14 but 10 are judged: 14/10 * 3*0.6667; then 3*0.3333; 3*0.2; 4*0.15; 4+3+3
         "38/38", 100 - F(14, 10) * F("2.0001") - F("0.9999") - 2 * F("0.6") - 10, "85.0000", "cukup_transparan"),
    Case("70 exactly is the second band", TK_30, "40/40", F(70), "70.0000", "cukup_transparan"),
    Case("69.9999 is the third band", f"{TK_30}, TK-35 1, TK-18 no",
         "40/40", 100 - 27 - F("2.0001") - 1, "69.9999", "kurang_transparan"),
    Case("50 exactly is the third band",
         f"{TK_30}, TK-25 no, TK-27 no, TK-39 not_done, TK-37 no, TK-17 0, TK-16 no, TK-05 0, TK-21 0, TK-06 no",
         "40/40", F(100 - 30 - 3 - 3 - 3 - 2 - 2 - 2 - 2 - 2 - 1), "50.0000", "kurang_transparan"),
    Case("below 50 a critical failure stays in the fourth band",
         f"{TK_30}, TK-E no, TK-39 not_done, TK-37 no, TK-17 0, TK-16 no, TK-05 0, TK-04 no",
         "40/40", F(100 - 30 - 8 - 3 - 2 - 2 - 2 - 2 - 3), "48.0000", "belum_transparan",
         unmet="TK-04", sections={"TK-E": F(0)}),
    Case("a cash difference of 10001 is below 0.5 and caps", "TK-13 10001",
         "40/40", 100 - 5 * F("0.6"), "97.0000", "kurang_transparan", unmet="TK-13"),
    Case("a cash difference of 10000 with proof is met", "TK-13 10000",
         "40/40", 100 - 5 * F("0.2"), "99.0000", "transparan"),
    Case("a cash difference of 10000 by claim alone counts 0", "TK-13 10000 klaim",
         "40/40", F(95), "95.0000", "kurang_transparan", unmet="TK-13"),
    Case("a cash difference of 10001 by claim alone counts 0.4", "TK-13 10001 klaim",
         "40/40", F(97), "97.0000", "kurang_transparan", unmet="TK-13"),
    Case("the cap takes the second band to the third", f"{TK_13}, TK-34 1, TK-38 yes klaim",
         "40/40", 100 - 13 - 4 * F("0.6667") - 2, "82.3332", "kurang_transparan", unmet="TK-34 TK-38"),
    Case("critical items N/A or unanswered are not unmet", "TK-23 na, TK-38 na, TK-04 blank, TK-15 blank",
         "36/38", F(100), "100.0000", "transparan"),
    Case("N/A leaves the denominator of its own section only", "TK-02 na, TK-03 na, TK-04 no",
         "38/38", F(18 * 8, 11) + 82, "95.0909", "kurang_transparan",
         unmet="TK-04", sections={"TK-A": F(100 * 8, 11), "TK-B": F(100)}),
    Case("nothing answered has no score and no band", "", "0/40", None, None, None, start=NOTHING, is_provisional=True),
    Case("two answers in two sections weigh by their sections", "TK-14 yes, TK-31 no",
         "2/40", F(100 * 16, 16 + 12), "57.1429", "kurang_transparan",
         start=NOTHING, is_provisional=True, sections={"TK-C": F(100), "TK-F": F(0), "TK-A": None}),
    Case("an assessment of all 40 items",
         "TK-01 2, TK-02 5, TK-03 9, TK-04 yes, TK-05 1, TK-06 na, "
         "TK-07 2, TK-08 na, TK-09 no, TK-10 yes, TK-11 na, TK-12 no, "
         "TK-13 10000, TK-14 yes klaim, TK-15 no, TK-16 no, TK-17 3, TK-18 yes, "
         "TK-19 1, TK-20 1, TK-21 79, TK-22 na, TK-23 na, TK-24 yes, TK-E na, "
         "TK-29 2, TK-30 yes, TK-31 yes, TK-32 yes, TK-33 1, TK-34 blank, TK-35 blank, TK-36 blank, "
         "TK-37 no, TK-38 yes, TK-39 2026-05-01, TK-40 blank",
         # (18 * 0.70000588 + 16 * 0.56668 + 10 + 14 * 0.45331 + 8.6667 + 8 * 0.5) of 100 - 8 - 8
         "27/31", 100 * (F(18, 17) * F("11.9001") + F("9.06688") + 10 + F("6.34634") + F("8.6667") + 4) / 84,
         "60.3334", "kurang_transparan", unmet="TK-15 TK-19", start=NOTHING, is_provisional=True, sections={
            "TK-A": F("1190.01") / 17,  # 5*0.6667 + 3*0.5 + 4*0.85 + 3 + 2*0.3333, of 18 - 1
            "TK-B": F("566.68") / 10,  # 4*0.6667 + 0 + 3 + 0, of 16 - 4 - 2
            "TK-C": F("1000") / 16,  # 5*0.8 + 3 (claim, not critical) + 0 + 0 + 2 + 1
            "TK-D": F("453.31") / 10,  # 4*0.3333 + 3*0.3333 + 2*0.6 + 1, of 14 - 2 - 2
            "TK-E": None,
            "TK-F": F("866.67") / 12,  # 4*0.6667 + 2 + 2 + 1 + 3*0.3333
            "TK-G": None,
            "TK-H": F("350") / 7,  # 0 + 2 + 3*0.5, of 8 - 1
        }),
]

UK_CASES = [
    Case("stage 2 asks 20 items and nothing of section E", "",
         "20/20", F(100), "100.0000", "siap_bermitra", sections={"UK-D": F(100), "UK-E": None}),
    Case("stage 3 asks all 25", "", "25/25", F(100), "100.0000", "siap_bermitra", stage=3, sections={"UK-E": F(100)}),
    Case("at stage 1 nothing is applicable: no score, no band, complete", "", "0/0", None, None, None, stage=1),
    Case("at stage 1 old answers change nothing", "UK-01 0, UK-06 yes, UK-22 3",
         "0/0", None, None, None, stage=1, sections={"UK-A": None, "UK-E": None}),
    Case("at stage 2 a poor UK-03 costs 5 of 80", "UK-03 0", "20/20", F(100 * 75, 80), "93.7500", "siap_bermitra"),
    Case("at stage 3 a poor UK-03 costs 5 of 100", "UK-03 0", "25/25", F(95), "95.0000", "siap_bermitra", stage=3),
    Case("at stage 2 section B weighs 20 on 15 points, its hidden critical UK-09 not unmet",
         "UK-09 no, UK-22 0, UK-08 no",
         "20/20", 100 * (26 + F(20 * 11, 15) + 20 + 14) / 80, "93.3333", "siap_bermitra",
         sections={"UK-B": F(100 * 11, 15), "UK-E": None}),
    Case("80 exactly is the first band", "UK-02 0, UK-03 0, UK-04 0, UK-08 no, UK-18 0",
         "25/25", F(100 - 4 - 5 - 3 - 4 - 4), "80.0000", "siap_bermitra", stage=3),
    Case("79.9999 shows as 80,0 and is the second band", f"{UK_18}, UK-21 1",
         "25/25", 100 - 18 - 3 * F("0.6667"), "79.9999", "hampir_siap", stage=3),
    Case("79.99996 is kept as 80.0000 and is still the second band",
         "UK-08 no, UK-02 1, UK-21 2, UK-05 no, UK-06 no",
         # lost of 80: UK-B 20 * 4/15, then 4*0.6667, 3*0.3333, 4, 3
         "20/20", 100 * (80 - F(80, 15) - F("2.6668") - F("0.9999") - 4 - 3) / 80, "80.0000", "hampir_siap"),
    Case("65 exactly is the second band", f"{UK_33}, UK-11 no",
         "25/25", F(100 - 33 - 2), "65.0000", "hampir_siap", stage=3),
    Case("64.9999 is the third band", f"{UK_33}, UK-21 1",
         "25/25", 100 - 33 - F("2.0001"), "64.9999", "perlu_persiapan", stage=3),
    Case("45 exactly is the third band", f"{UK_53}, UK-17 no",
         "25/25", F(100 - 53 - 2), "45.0000", "perlu_persiapan", stage=3),
    Case("44.9999 is the fourth band", f"{UK_53}, UK-21 1",
         "25/25", 100 - 53 - F("2.0001"), "44.9999", "belum_siap", stage=3),
    Case("the cap does not raise the fourth band", f"{UK_53}, UK-09 no",
         "25/25", F(100 - 53 - 5), "42.0000", "belum_siap", unmet="UK-09", stage=3),
    Case("the cap takes the second band to the third", f"{UK_18}, UK-14 yes klaim",
         "25/25", F(100 - 18 - 4), "78.0000", "perlu_persiapan", unmet="UK-14", stage=3),
    Case("critical level 1 is unmet", "UK-07 1",
         "25/25", 100 - 6 * F("0.6667"), "95.9998", "perlu_persiapan", unmet="UK-07", stage=3),
    Case("no active partner is unmet", "UK-22 0", "25/25", F(94), "94.0000", "perlu_persiapan", unmet="UK-22", stage=3),
    Case("one active partner with proof is met", "UK-22 1",
         "25/25", 100 - 6 * F("0.4"), "97.6000", "siap_bermitra", stage=3),
    Case("one active partner by claim alone counts 0", "UK-22 1 klaim",
         "25/25", F(94), "94.0000", "perlu_persiapan", unmet="UK-22", stage=3),
    Case("a section all N/A leaves the total, its critical item not unmet", "UK-C na, UK-06 no",
         "14/14", F(100 * (60 - 3), 60), "95.0000", "siap_bermitra", sections={"UK-A": F(100 * 23, 26), "UK-C": None}),
    Case("18 of 20 is 90 %: not provisional", "UK-11 blank, UK-21 blank, UK-20 1",
         "18/20", 100 * (66 + F(14, 11) * (11 - 4 * F("0.6"))) / 80, "96.1818", "siap_bermitra"),
    Case("17 of 20 is provisional", "UK-11 blank, UK-21 blank, UK-17 blank",
         "17/20", F(100), "100.0000", "siap_bermitra", is_provisional=True),
    Case("23 of 25 is not provisional", "UK-11 blank, UK-21 blank",
         "23/25", F(100), "100.0000", "siap_bermitra", stage=3),
    Case("22 of 25 is provisional", "UK-11 blank, UK-21 blank, UK-17 blank",
         "22/25", F(100), "100.0000", "siap_bermitra", stage=3, is_provisional=True),
    Case("nothing answered has no score and no band", "", "0/20", None, None, None, start=NOTHING, is_provisional=True),
    Case("answers all poor make 0 and the fourth band", "UK-22 0, UK-25 0",
         "2/25", F(0), "0.0000", "belum_siap", unmet="UK-22", stage=3, start=NOTHING, is_provisional=True),
    Case("an assessment of all 25 items at stage 3",
         "UK-01 2, UK-02 1, UK-03 0, UK-04 3, UK-05 na, UK-06 yes, "
         "UK-07 2, UK-08 no, UK-09 yes klaim, UK-10 na, UK-11 yes, "
         "UK-12 2, UK-13 1, UK-14 yes, UK-15 na, UK-16 15, UK-17 blank, "
         "UK-18 89, UK-19 40, UK-20 5, UK-21 1, UK-22 2, UK-23 1, UK-24 na, UK-25 blank",
         # 26 * 12.0001/22 + 20 * 6.0002/17 + 20 * 9.2/15 + 9.4999 + 20 * 6.7665/11
         "19/21", F("312.0026") / 22 + F("120.004") / 17 + F(184, 15) + F("9.4999") + F("135.33") / 11,
         "55.3103", "perlu_persiapan", unmet="UK-09", stage=3, start=NOTHING, sections={
            "UK-A": F("1200.01") / 22,  # 7*0.6667 + 4*0.3333 + 0 + 3 + 3, of 26 - 4
            "UK-B": F("600.02") / 17,  # 6*0.6667 + 0 + 0 (critical claim) + 2, of 20 - 3
            "UK-C": F("920") / 15,  # 4*0.6667 + 4*0.3333 + 4 + 3*0.4, of 20 - 3 - 2
            "UK-D": F("949.99") / 14,  # 4*0.6 + 3*0.7 + 4 + 3*0.3333
            "UK-E": F("676.65") / 11,  # 6*0.85 + 5*0.3333, of 20 - 4 - 5
        }),
]
# fmt: on

CASES = {"KL": KL_CASES, "TK": TK_CASES, "UK": UK_CASES}

WORKED: dict[str, WorkedExample] = {
    # KL-A 3*1 + 3*1 + 2*0 + 2*1              =  8      of 3+3+2+2 = 10 -> 20 *  8      / 10 = 16
    # KL-B 4*1 + 1*0.5 + 2*0.3333             =  5.1666 of 4+1+2   =  7 -> 20 *  5.1666 /  7 = 14.761714...
    # KL-C 4*0.6667 + 3*0.6                   =  4.4668 of 4+3     =  7 -> 18 *  4.4668 /  7 = 11.486057...
    # KL-D 3*0 + 3*1 (claim, not critical)    =  3      of 3+3     =  6 -> 17 *  3      /  6 =  8.5
    # KL-G 3*1                                =  3      of 3            ->  7 *  3      /  3 =  7
    # 57.747771... of 20+20+18+17+7 = 82: 70.424111...; second band, capped to the third by KL-03.
    "KL": WorkedExample(
        answers={
            "KL-01": ("yes", SEEN, ""),
            "KL-02": ("yes", SEEN, ""),
            "KL-03": ("no", CLAIM, "Berkas NPWP belum diajukan."),
            "KL-05": ("na", CLAIM, "Belum ada usaha yang berjalan."),
            "KL-09": ("2025-12-05", SEEN, ""),
            "KL-10": ("yes", SEEN, ""),
            "KL-14": ("1", SEEN, ""),
            "KL-15": ("1", CLAIM, ""),
            "KL-20": ("2", SEEN, ""),
            "KL-22": ("40", SEEN, ""),
            "KL-31": ("missing", CLAIM, "Status di SIMKOPDES masih Drafted."),
            "KL-32": ("yes", CLAIM, ""),
            "KL-42": ("3", SEEN, ""),
        },
        score=Decimal("70.4241"),
        shown="70,4",
        band_name="Perlu penguatan",
        is_provisional=True,
        critical_unmet=("KL-03",),
        answered=12,
        applicable=43,
    ),
    # TK-A 5*0.3333 + 3*0.8 + 4*1             =  8.0665 of 5+3+4   = 12 -> 18 *  8.0665 / 12 = 12.09975
    # TK-B 4*0.6667 + 2*1 (claim)             =  4.6668 of 4+2     =  6 -> 16 *  4.6668 /  6 = 12.4448
    # TK-C 5*0.8 + 3*0                        =  4      of 5+3     =  8 -> 16 *  4      /  8 =  8
    # TK-D 2*0.85                             =  1.7    of 2            -> 14 *  1.7    /  2 = 11.9
    # TK-F 4*0.6667                           =  2.6668 of 4            -> 12 *  2.6668 /  4 =  8.0004
    # TK-H 2*1                                =  2      of 2            ->  8 *  2      /  2 =  8
    # 60.44495 of 18+16+16+14+12+8 = 84: 71.958273...; second band, capped to the third by TK-01.
    "TK": WorkedExample(
        answers={
            "TK-01": ("1", CLAIM, "Buku bank belum ada."),
            "TK-02": ("3", SEEN, ""),
            "TK-03": ("10", SEEN, ""),
            "TK-07": ("2", SEEN, ""),
            "TK-08": ("na", CLAIM, "Tahun buku pertama belum berakhir."),
            "TK-09": ("yes", CLAIM, ""),
            "TK-13": ("5000", SEEN, ""),
            "TK-14": ("no", CLAIM, ""),
            "TK-21": ("85", SEEN, ""),
            "TK-29": ("2", SEEN, ""),
            "TK-37": ("yes", SEEN, ""),
        },
        score=Decimal("71.9583"),
        shown="72,0",
        band_name="Kurang transparan",
        is_provisional=True,
        critical_unmet=("TK-01",),
        answered=10,
        applicable=39,
    ),
    # UK-A 7*0 (claim on a critical item) + 4*1 + 5*0.6667 + 3*1
    #                                         = 10.3335 of 7+4+5+3 = 19 -> 26 * 10.3335 / 19 = 14.140578...
    # UK-B 6*1 + 4*0                          =  6      of 6+4     = 10 -> 20 *  6      / 10 = 12
    # UK-C 4*1 + 3*0.7                        =  6.1    of 4+3     =  7 -> 20 *  6.1    /  7 = 17.428571...
    # UK-D 4*0.85 + 4*0.7 + 3*0.3333          =  7.1999 of 4+4+3   = 11 -> 14 *  7.1999 / 11 =  9.163509...
    # 52.732659... of 26+20+20+14 = 80: 65.915824...; second band, capped to the third by UK-01.
    "UK": WorkedExample(
        answers={
            "UK-01": ("2", CLAIM, "Naskah dibawa ketua, belum terlihat."),
            "UK-02": ("3", SEEN, ""),
            "UK-03": ("2", SEEN, ""),
            "UK-05": ("na", CLAIM, "Tidak mengajukan pinjaman."),
            "UK-06": ("yes", SEEN, ""),
            "UK-07": ("3", SEEN, ""),
            "UK-08": ("no", CLAIM, ""),
            "UK-14": ("yes", SEEN, ""),
            "UK-16": ("21", SEEN, ""),
            "UK-18": ("90", SEEN, ""),
            "UK-20": ("3", SEEN, ""),
            "UK-21": ("1", CLAIM, ""),
        },
        score=Decimal("65.9158"),
        shown="65,9",
        band_name="Perlu persiapan",
        is_provisional=True,
        critical_unmet=("UK-01",),
        answered=11,
        applicable=19,
    ),
}
