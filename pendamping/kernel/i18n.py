"""Words, dates, numbers and money the way people here read them; Indonesian first, English by choice."""

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel import dates
from flask import Flask, g, has_request_context, session
from flask_babel import Babel, Domain, force_locale, get_locale
from flask_babel import gettext as _
from flask_login import current_user

from pendamping.kernel.clock import OFFICE_TZ, date_in
from pendamping.kernel.errors import DomainError

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
DEFAULT_LANGUAGE = "id"
MINUS = "−"


class _Catalogues(Domain):  # type: ignore[misc]  # untyped there
    """Flask-Babel's, but the catalogue is looked up once for each request and language, not for each text: a page says
    hundreds.
    """

    def get_translations(self) -> Any:
        found = getattr(g.get(_SPOKEN), "babel_translations", None)
        if found is None:
            found = super().get_translations()
            g.get(_SPOKEN).babel_translations = found
        return found


_SPOKEN = "_flask_babel"
"""Where Flask-Babel keeps the language of a request, and forgets it when another is chosen or forced.

Its own, and a test says so when it moves. The public `get_locale` asks several proxies each time: a text would cost a
third more.
"""

babel = Babel()
babel.domain_instance = _Catalogues()

__all__ = ["LANGUAGES", "force_locale", "init_i18n"]


def init_i18n(app: Flask) -> None:
    """Choose the language per person and give the templates their filters."""
    babel.init_app(
        app,
        default_locale=DEFAULT_LANGUAGE,
        default_timezone=str(OFFICE_TZ),
        default_translation_directories=str(app.root_path) + "/translations",
        locale_selector=_language,
    )
    for filter_ in (long_date, weekday_date, short_date, clock_time, decimal, rupiah, whole, word, signed):
        app.add_template_filter(filter_)
    app.jinja_env.globals["word_of"] = word
    app.context_processor(lambda: {"locale": language(), "languages": LANGUAGES})


def _language() -> str:
    if not has_request_context():
        return DEFAULT_LANGUAGE
    chosen = getattr(current_user, "language", None) or session.get("language")
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE


def language() -> str:
    try:
        return str(g.get(_SPOKEN).babel_locale.language)  # a page asks for hundreds of numbers and days
    except (AttributeError, RuntimeError):
        return str(get_locale() or DEFAULT_LANGUAGE)[:2]


def word(thing: Any, name: str) -> str:
    """A text that data carries in both languages: `item|word("question")`."""
    if language() == "en" and (english := getattr(thing, f"{name}_en", None)):
        return str(english)
    return str(getattr(thing, f"{name}_id"))


def _day(value: dt.date | dt.datetime) -> dt.date:
    return value.astimezone(OFFICE_TZ).date() if isinstance(value, dt.datetime) else value


def _date(value: dt.date | dt.datetime, pattern: str) -> str:
    return dates.format_date(_day(value), pattern, locale=language())


def long_date(value: dt.date | dt.datetime) -> str:
    """14 April 2026"""
    return _date(value, "d MMMM y")


def weekday_date(value: dt.date | dt.datetime) -> str:
    """Selasa, 14 April 2026"""
    return _date(value, "EEEE, d MMMM y")


def short_date(value: dt.date | dt.datetime) -> str:
    """14 Apr"""
    return _date(value, "d MMM")


def clock_time(value: dt.time | dt.datetime) -> str:
    """09.30 in Indonesian, 09:30 in English; instants in WITA."""
    local = value.astimezone(OFFICE_TZ).time() if isinstance(value, dt.datetime) else value
    return local.strftime("%H.%M" if language() == "id" else "%H:%M")


def decimal(value: Decimal | float | int, digits: int = 1) -> str:
    """58,3 in Indonesian, 58.3 in English; always as many digits after the comma as asked.

    Half is rounded away from zero, as browsers do it: the page's own script shows the same number.
    """
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{abs(rounded):,f}"
    if language() == "id":
        text = text.translate(str.maketrans(",.", ".,"))
    return MINUS + text if rounded < 0 else text


def signed(value: Decimal | float | int, digits: int = 1) -> str:
    """+8,0 or −1,2: a change, with its sign; one too small to be seen has none."""
    text = decimal(value, digits)
    return f"+{text}" if value > 0 and text != decimal(0, digits) else text


def whole(value: int | Decimal) -> str:
    """1.250"""
    return decimal(value, 0)


def rupiah(value: int) -> str:
    """Rp1.250.000"""
    return (MINUS if value < 0 else "") + "Rp" + decimal(abs(value), 0)


def translated(text: str, **params: str) -> str:
    """Say in the reader's language what a module below the web marked with `N_`."""
    return str(_(text, **params))


def explained(error: DomainError) -> str:
    """What a broken rule says to people, in the reader's language, its dates written out: 14 April 2026."""
    return translated(error.explanation, **{name: _written_out(value) for name, value in error.params.items()})


def _written_out(value: str) -> str:
    day = date_in(value) if _ISO_DATE.fullmatch(value) else None
    return long_date(day) if day else value


_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
