"""A unit does nothing: the sweep rings the clocks, and everybody who has to know finds out."""

from accounts.models import Notice
from petitions import tasks
from petitions.models import Petition
from tests.cast import SHANGHAI, Cast
from tests.journeys.conftest import Clock
from tests.journeys.doors import Resident, at_the_desk_of


def sent_at_ten(it_is: Clock) -> Petition:
    petition = at_the_desk_of("operator").writes_down()
    at_the_desk_of("dispatcher").does("dispatch", petition, to="寿光市综合行政执法局")
    return petition


def cards(petition: Petition) -> list[tuple[str, str]]:
    events = petition.events.filter(promise="sign").order_by("at")
    return [(event.action, f"{event.at.astimezone(SHANGHAI):%m-%d %H:%M}") for event in events]


def test_nobody_signs_and_the_red_card_is_seen_by_all_who_answer_for_it(it_is: Clock, cast: Cast) -> None:
    petition = sent_at_ten(it_is)

    it_is("2026-11-16 15:31")  # four working hours from ten: 15:30, with the midday break
    tasks.ring_due()
    assert cards(petition) == [("yellow_card", "11-16 13:30"), ("red_card", "11-16 15:30")]

    officer, head = at_the_desk_of("officer"), at_the_desk_of("head")
    for desk in (officer, head):
        assert "红牌" in desk.reads("/account/inbox/")
        assert 'aria-label="通知，' in desk.reads("/")
    assert "<b>1</b>已超期" in head.reads("/")
    assert "<b>1</b>红牌" in head.reads("/")
    assert petition.number in head.reads("/petitions/?facet=red_carded")
    assert petition.number in officer.reads("/petitions/?facet=overdue")
    assert "今日亮牌" in officer.reads("/petitions/tray/")
    page = officer.sees(petition)
    assert "签收：红牌：已经超期" in page or "红牌：已经超期" in page
    assert "超期" in page
    assert "红牌" not in Resident().looks_up(petition)

    tasks.ring_due()
    assert len(cards(petition)) == 2, "a sweep that runs again rings nothing twice"


def test_a_day_later_the_head_the_reviewer_and_the_deputy_leader_are_told(it_is: Clock, cast: Cast) -> None:
    petition = sent_at_ten(it_is)
    it_is("2026-11-17 15:31")
    tasks.ring_due()
    assert ("supervise", "11-17 15:30") in cards(petition)
    told = Notice.objects.filter(title__contains="督办") | Notice.objects.filter(body__contains="督办")
    assert {cast.head.pk, cast.reviewer.pk, cast.leader.pk} <= set(told.values_list("person", flat=True))
    assert "督办" in at_the_desk_of("reviewer").reads("/account/inbox/")


def test_a_unit_that_signs_in_time_sees_no_card_for_it(it_is: Clock) -> None:
    petition = sent_at_ten(it_is)
    it_is("2026-11-16 11:30")
    at_the_desk_of("officer").does("sign", petition)
    it_is("2026-11-16 15:31")
    tasks.ring_due()
    assert cards(petition) == []


def test_nobody_dispatches_and_the_clock_of_the_centre_rings_too(it_is: Clock) -> None:
    petition = at_the_desk_of("operator").writes_down()
    it_is("2026-11-16 11:01")
    tasks.ring_due()
    assert petition.events.filter(promise="dispatch", action="red_card").exists()
    assert "红牌" in at_the_desk_of("dispatcher").reads("/account/inbox/")
    assert petition.number in at_the_desk_of("reviewer").reads("/petitions/?facet=red_carded")
