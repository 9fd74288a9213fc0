"""Nobody signs: the running beat and worker ring the clock, and whoever reloads the page sees it."""

import psycopg
import pytest
from playwright.sync_api import expect

from tests.browser.desks import Desks, do, take_a_call
from tests.shouyang.portal import Portal
from tests.waiting import wait

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

# The hours that a test cannot wait: the promise to sign was made that much earlier.
HOURS_PASS = """
UPDATE petitions_clock SET started_at = started_at - interval '2 days', due_at = now() - interval '1 minute',
    ticks = ARRAY[now() - interval '1 minute'], effects = ARRAY['red_card'], rung = 0,
    next_tick_at = now() - interval '1 minute'
WHERE promise = 'sign' AND petition_id = (SELECT id FROM petitions_petition WHERE number = %s)
"""


def test_an_overdue_petition_gets_its_red_card_from_the_running_worker(desks: Desks, portal: Portal) -> None:
    number, _ = take_a_call(desks.of("operator"))
    dispatcher = desks.of("dispatcher")
    dispatcher.goto(f"/petitions/{number}/")
    do(dispatcher, "派单")
    officer = desks.of("officer")
    officer.goto(f"/petitions/{number}/")
    expect(officer.locator("#story")).not_to_contain_text("红牌")

    with psycopg.connect(portal.environment["DATABASE_URL"]) as database:
        database.execute("ALTER TABLE petitions_clock DISABLE TRIGGER USER")  # it lets nobody edit a promise
        assert database.execute(HOURS_PASS, [number]).rowcount == 1
        database.execute("ALTER TABLE petitions_clock ENABLE TRIGGER USER")

    def the_card_is_there() -> bool:
        officer.reload()
        return "红牌" in officer.locator("#story").inner_text()

    wait(the_card_is_there, portal.words)
    expect(officer.locator("#state .tone-red").first).to_contain_text("超期")
    officer.goto("/account/inbox/")
    expect(officer.locator("main")).to_contain_text(f"红牌超期：{number} 签收")
    head = desks.of("head")
    head.goto("/petitions/?facet=red_carded")
    expect(head.locator(".listing")).to_contain_text(number)
