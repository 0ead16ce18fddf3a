"""Where a page's icons come from."""

import re

from tests.make import GRAHA_INDAH
from tests.pages import Browser


def test_a_visits_form_draws_its_own_icons_and_every_other_page_leaves_them_in_their_file(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator()
    browser.sign_in(ratna)

    form = browser.open(f"/koperasi/{GRAHA_INDAH}/kunjungan/baru").soup
    home = browser.open("/").soup

    used = {str(each["href"]) for each in form.select("use")}
    drawn = [f"#{each['id']}" for each in form.select("svg[hidden] > symbol[viewbox], svg[hidden] > symbol[viewBox]")]
    assert used
    assert used <= set(drawn)
    assert len(drawn) == len(set(drawn))
    assert all(re.fullmatch(r"/static/\w+/icons/sprite\.svg#[\w-]+", str(each["href"])) for each in home.select("use"))
    assert not home.select("symbol")
