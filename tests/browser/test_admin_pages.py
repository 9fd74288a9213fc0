"""The pages of administrators are Django's own in the portal's dress: fit for everybody's eyes and ears as well."""

import pytest

from tests.browser.desks import Desks
from tests.browser.sight import complaints
from tests.browser.test_every_desk import listening

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

FIRST = "#result_list tbody th a"
PAGES = [
    "/admin/",
    "/admin/accounts/user/",
    "/admin/accounts/user/add/",
    "/admin/accounts/user/ first",
    "/admin/accounts/unit/",
    "/admin/accounts/unit/ first",
    "/admin/accounts/channel/add/",
    "/admin/accounts/delivery/?given_up_at__isempty=0",
    "/admin/grids/posting/?q=向阳",
    "/admin/petitions/term/",
    "/admin/petitions/rung/",
    "/admin/petitions/rung/ first",
]
# Sign-in names, algorithms and addresses are Latin by nature.
DATA = "#result_list tbody, .field-username, .field-password, .field-new_address, .readonly"


@pytest.mark.parametrize("asked", PAGES)
def test_a_page_of_the_admin_is_fit_to_be_seen(desks: Desks, asked: str) -> None:
    page = desks.of("admin")
    address, _, first = asked.partition(" ")
    # Only while it loads: axe itself trips over the @import in Django's style sheets.
    with listening(page) as heard:
        answer = page.goto(address)
        if first:
            answer = page.goto(str(page.locator(FIRST).first.get_attribute("href")))
        murmurs = list(heard)
    page.evaluate("(data) => document.querySelectorAll(data).forEach(one => one.dataset.latin = '')", DATA)
    assert murmurs + complaints(page, answer) == []
    page.close()
