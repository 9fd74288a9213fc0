"""What a grid worker finds on her round, from the street to the unit and back to the same corner."""

import re
import uuid

from grids import tasks as grids_tasks
from grids.models import Hazard
from petitions import tasks as of_petitions
from petitions.models import Petition
from tests.cast import XIANGYANG_1
from tests.journeys.conftest import Clock
from tests.journeys.doors import Desk, at_the_desk_of

FOUND = {
    "place": XIANGYANG_1,
    "item": "A02",
    "address": "学院路18号门前",
    "words": "烧烤店把桌子摆到盲道上，劝了不听。",
}


def patrols(desk: Desk, **words: str) -> Hazard:
    before = set(Hazard.objects.values_list("pk", flat=True))
    desk.sends("/hazards/new/", **{"key": str(uuid.uuid4())} | FOUND | words)
    return Hazard.objects.exclude(pk__in=before).get()


def keys(page: str, action: str) -> dict[str, str]:
    """What the page's own form would send besides what is typed."""
    form = re.search(rf'action="/hazards/\d+/{action}/".*?</form>', page, re.S)
    assert form, f"no form for {action}"
    return dict(re.findall(r'name="(key|seen)" value="([^"]+)"', form[0]))


def does(desk: Desk, hazard: Hazard, action: str, **words: str) -> str:
    page = desk.reads(f"/hazards/{hazard.pk}/")
    return desk.sends(f"/hazards/{hazard.pk}/{action}/", **keys(page, action), **words)


def test_found_on_patrol_sent_on_handled_closed_looked_at_again_and_cleared(it_is: Clock) -> None:
    it_is("2026-11-16 10:00")
    worker = at_the_desk_of("worker")
    assert "发现隐患" in worker.reads("/hazards/")
    hazard = patrols(worker, next="send_on")
    petition = Petition.objects.get(origin__hazard=hazard)
    page = worker.reads(f"/hazards/{hazard.pk}/")
    assert petition.number in page
    assert "还没有办结" in page
    assert f"隐患 {hazard.pk}" in worker.sees(petition)

    it_is("2026-11-16 10:10")
    at_the_desk_of("dispatcher").does("accept", petition)
    at_the_desk_of("dispatcher").does("dispatch", petition, to="寿光市综合行政执法局")
    assert f"/hazards/{hazard.pk}/" not in at_the_desk_of("dispatcher").sees(petition)  # what she may not see
    it_is("2026-11-16 10:30")
    at_the_desk_of("officer").does("sign", petition)
    it_is("2026-11-16 11:00")
    reply = {"result": "桌子已搬回店内。", "basis": "市容条例（示例）", "assessment": "solved"}
    at_the_desk_of("officer").does("reply", petition, **reply)
    it_is("2026-11-16 14:00")
    at_the_desk_of("head").does("approve", petition)
    it_is("2026-11-16 15:00")
    at_the_desk_of("reviewer").does("pass_review", petition, note="照片属实")
    of_petitions.conclude_hazards()
    assert "该复查 0" in at_the_desk_of("worker").reads("/hazards/")
    it_is("2026-11-16 16:00")
    at_the_desk_of("caller").does("call_back", petition, way="phone", reached="no", note="没有联系方式")

    it_is("2026-11-17 08:00")
    of_petitions.conclude_hazards()
    grids_tasks.ring_rechecks()
    worker = at_the_desk_of("worker")
    assert "今天有 1 处隐患到了复查的日子" in worker.reads("/account/inbox/")
    assert FOUND["address"] in worker.reads("/hazards/?facet=to_recheck")
    told = does(worker, hazard, "recheck", cleared="yes", words="盲道通了")
    assert "已销号" in told
    assert "诉求办结，请复查" in told
    assert FOUND["address"] in worker.reads("/hazards/?facet=cleared")


def test_still_there_after_it_was_solved_on_the_spot_goes_on_to_the_unit(it_is: Clock) -> None:
    worker = at_the_desk_of("worker")
    hazard = patrols(worker, next="solved", after_words="店主当场搬回。")
    it_is("2026-11-23 09:00")
    worker = at_the_desk_of("worker")
    assert worker.is_refused(f"/hazards/{hazard.pk}/recheck/", key=str(uuid.uuid4()), cleared="no") == 422
    does(worker, hazard, "recheck", cleared="no", words="又摆出来了")
    assert "诉求编号 SG20261123" in does(worker, hazard, "send_on", content="反复占道，请执法")
    assert "上报为诉求" in worker.reads(f"/hazards/{hazard.pk}/")


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(it_is: Clock) -> None:
    worker = at_the_desk_of("worker")
    form = {"key": str(uuid.uuid4())} | FOUND
    for wrong, sentence in (
        ({"next": "solved"}, "请写清当场做了什么"),
        ({"next": "send_on", "after_words": "清了"}, "请选“已当场处置”"),
        ({"next": "later", "item": "F01"}, "没有这个选项"),
        ({}, "请选怎么处理"),
    ):
        answer = worker.client.post("/hazards/new/", form | wrong)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert FOUND["words"] in answer.content.decode()
    assert not Hazard.objects.exists()


def test_who_answers_for_another_place_finds_nothing_there(it_is: Clock) -> None:
    hazard = patrols(at_the_desk_of("worker"), next="later")
    addresses = [f"/hazards/{hazard.pk}/", f"/hazards/{hazard.pk}/solve/"]
    for stranger in ("operator", "leader", "officer", "auditor", "admin", "member"):
        desk = at_the_desk_of(stranger)
        assert desk.is_refused(addresses[0]) == 404
        assert desk.is_refused(addresses[1], key=str(uuid.uuid4()), after_words="清了") == 404
        assert desk.is_refused("/hazards/new/") == 404
        assert FOUND["words"] not in desk.reads("/hazards/")
    street = at_the_desk_of("street")  # sees it, and does nothing about it
    assert FOUND["words"] in street.reads(addresses[0])
    assert street.is_refused(addresses[1], key=str(uuid.uuid4()), after_words="清了") == 403


def test_the_list_of_items_is_applied_for_reviewed_and_published(it_is: Clock) -> None:
    head, reviewer = at_the_desk_of("head"), at_the_desk_of("reviewer")
    asked = {
        "name": "共享单车乱停放",
        "domain": "城市管理",
        "first_level": "grid",
        "urgency": "normal",
        "respond_amount": "2",
        "respond_span": "working_hour",
        "close_amount": "1",
        "close_span": "working_day",
        "closing_standard": "归位成线",
        "visibility": "public",
        "reason": "城市管理职责（示例）",
    }
    without_day = head.client.post("/items/apply/", asked | {"key": str(uuid.uuid4()), "temporary": "on"})
    assert without_day.status_code == 422
    assert "临时事项必须写明有效期" in without_day.content.decode()
    again = head.client.post("/items/apply/", asked | {"key": str(uuid.uuid4()), "name": "占道经营、店外经营"})
    assert "已在现行清单里" in again.content.decode()
    assert "等中心审核" in head.sends("/items/apply/", **asked, key=str(uuid.uuid4()))

    queue = reviewer.reads("/items/admissions/")
    number = re.search(r"/items/admissions/(\d+)/", queue)
    assert number
    assert head.is_refused(f"/items/admissions/{number[1]}/approve/", note="") == 403
    assert at_the_desk_of("housing").is_refused(f"/items/admissions/{number[1]}/") == 404
    reviewer.sends(f"/items/admissions/{number[1]}/send_back/", note="请写明依据")
    assert "归位成线" in head.reads(f"/items/admissions/{number[1]}/resubmit/")
    head.sends(f"/items/admissions/{number[1]}/resubmit/", **asked | {"key": str(uuid.uuid4()), "reason": "第三条"})
    reviewer.sends(f"/items/admissions/{number[1]}/approve/", note="")
    page = reviewer.sends("/items/admissions/publish/", note="补充一项")
    assert "已公布 v2026.1" in page
    assert "共享单车乱停放" in page
    worker = at_the_desk_of("worker")
    assert "A15 共享单车乱停放" in worker.reads("/items/")
    assert "A15 共享单车乱停放" in worker.reads("/hazards/new/")
    assert patrols(worker, item="A15", next="later").item.in_grid
