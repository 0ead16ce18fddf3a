"""What may stand where mails and messages are sent to: one address, and nothing that could become a second header."""

import re

MAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@([A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")
LOCAL = re.compile(r"[A-Za-z0-9._+-]{1,64}@localhost")
LONGEST = 254
PHONE = re.compile(r"\+?[0-9]{8,15}")
BETWEEN_DIGITS = str.maketrans("", "", " .-()")


def is_mail_address(text: str) -> bool:
    """Plain addresses as people have them; line breaks, blanks, lists and names beside them are none."""
    return len(text) <= LONGEST and bool(MAIL.fullmatch(text) or LOCAL.fullmatch(text)) and ".." not in text


def phone_number(text: str) -> str | None:
    """Digits with the country's code, 6281234567890; None for what is no number. 0812 is the Indonesian 62812."""
    digits = text.strip().translate(BETWEEN_DIGITS)
    if not digits.isascii() or not PHONE.fullmatch(digits):
        return None
    digits = digits.removeprefix("+")
    return f"62{digits[1:]}" if digits.startswith("0") else digits
