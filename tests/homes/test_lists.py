"""Today, the list of homes, finding one, and the rules: each for those who answer for homes, and nobody else."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grids import workflow
from grids.facets import FACETS
from grids.models import Duty, Household, Posting, VisitClock, VisitRule
from grids.workflow.rules import FIELDS
from petitions import terms
from tests.cast import Cast, call
from tests.grids.homes import WANG, door, home, lives
from tests.homes.household import send
from tests.petitions.test_petition_page_queries import sign_in

NEIGHBOUR = "370783001901002"  # the next grid of the same community


def promised(household: Household, days: int) -> Household:
    VisitClock.objects.filter(household=household).update(due_on=timezone.localdate() + timedelta(days=days))
    return household


def a_day(cast: Cast, client: Client, rooms: range) -> None:
    for room in rooms:
        household = promised(home(cast, str(room)), -1)
        lives(cast, household, f"张三{room}")
        send(client, household, met="nobody", need="想装扶手", hazard_item="B01", hazard="堆物")
        call(cast, at=timezone.now())


def test_today_says_whom_to_visit_and_what_else_is_open(worker: Client, cast: Cast) -> None:
    a_day(cast, worker, range(101, 102))
    promised(home(cast, "301"), 0)
    promised(home(cast, "401"), 2)
    promised(home(cast, "501"), 40)
    shown = worker.get("/today/").content.decode()
    for words in ("3号楼2单元101", "逾期 1 天", "今天到期", "3号楼2单元401", "想装扶手", "店外经营占用人行道"):
        assert words in shown, words
    assert "3号楼2单元501" not in shown


def test_today_asks_six_questions_at_most(worker: Client, cast: Cast) -> None:
    a_day(cast, worker, range(101, 104))
    client = sign_in(cast.worker)
    client.get("/today/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/today/").status_code == 200
    assert len(asked) <= 6, [query["sql"][:90] for query in asked]


def test_today_counts_all_and_leads_to_the_rest(worker: Client, cast: Cast, monkeypatch: Any) -> None:
    a_day(cast, worker, range(101, 104))
    whole = worker.get("/today/").content.decode()
    assert "看全部" not in whole
    monkeypatch.setattr("shouyang.homes.today.SHOWN", 2)
    Household.objects.update(colour="red")
    shown = worker.get("/today/")
    part = shown.context["day"]
    assert [len(one.rows) for one in (part.hazards, part.petitions, part.needs)] == [2, 2, 2]
    for one in (part.hazards, part.petitions, part.needs):
        assert one.total == 3
        assert f'<a href="{one.href.replace("&", "&amp;")}">看全部 3 条</a>' in shown.content.decode()
    assert [len(worker.get(one.href).context["page"].rows) for one in (part.hazards,)] == [3]
    assert len(worker.get(part.needs.href).context["rows"]) == 3
    assert "共 3 件" in worker.get(part.petitions.href).content.decode()


class TestNeeds:
    def test_the_list_says_what_is_open_and_what_became_of_the_rest(self, worker: Client, cast: Cast) -> None:
        first, second = home(cast, "101"), home(cast, "102")
        send(worker, first, wish="要一个收音机，回电 13812345678")
        send(worker, second, need="想装扶手")
        met = second.needs.get()
        worker.post(f"/homes/{second.pk}/needs/{met.pk}/", {"state": "met", "answer": "装好了"})
        shown = worker.get("/homes/needs/").content.decode()
        for words in ("待回应 1", "已满足 1", "已撤回 0", "要一个收音机", "微心愿", f'href="/homes/{first.pk}/"'):
            assert words in shown, words
        for words in ("想装扶手", "13812345678"):
            assert words not in shown, words
        settled = worker.get("/homes/needs/", {"facet": "met"}).content.decode()
        for words in ("想装扶手", "结果：装好了", second.dwelling.address):
            assert words in settled, words

    def test_kind_place_and_address_narrow_it(self, secretary: Client, cast: Cast) -> None:
        first = home(cast, "101")
        second = Household.objects.create(dwelling=door("102", place=NEIGHBOUR), since=timezone.localdate())
        send(secretary, first, wish="要一个收音机")
        send(secretary, second, need="想装扶手")

        def listed(**asked: str) -> list[int]:
            return [need.household_id for need, _, _ in secretary.get("/homes/needs/", asked).context["rows"]]

        assert listed() == [first.pk, second.pk]
        assert listed(kind="need") == [second.pk]
        assert listed(place=NEIGHBOUR) == [second.pk]
        assert listed(q="锦绣华庭 101") == [first.pk]
        assert listed(facet="withdrawn") == []
        assert listed(facet="%00", kind="x", place="y", page="z") == [first.pk, second.pk]

    def test_it_turns_over_and_its_questions_do_not_grow(self, secretary: Client, cast: Cast, monkeypatch: Any) -> None:
        monkeypatch.setattr("shouyang.homes.views.needs.ON_A_PAGE", 2)
        household = home(cast)
        for n in range(3):
            send(secretary, household, need=f"第{n}件")
        secretary.get("/homes/needs/")
        with CaptureQueriesContext(connection) as few:
            assert len(secretary.get("/homes/needs/").context["rows"]) == 2
        assert len(secretary.get("/homes/needs/", {"page": "2"}).context["rows"]) == 1
        for n in range(5):
            send(secretary, home(cast, str(201 + n)), need="想装扶手", wish="要一个收音机")
        with CaptureQueriesContext(connection) as many:
            secretary.get("/homes/needs/")
        assert len(many) == len(few)

    def test_strangers_find_nothing(self, client: Client, cast: Cast) -> None:
        household = home(cast)
        client.force_login(cast.worker)
        send(client, household, need="想装扶手")
        Posting.objects.filter(user=cast.gridsecretary).update(place=NEIGHBOUR)
        for name, status in {"gridsecretary": 200, "street": 200, "operator": 404, "leader": 404}.items():
            client.force_login(getattr(cast, name))
            answer = client.get("/homes/needs/")
            assert answer.status_code == status, name
            assert ("想装扶手" in answer.content.decode()) == (name == "street"), name


def test_today_without_anything_says_so(worker: Client) -> None:
    assert "今天没有该走访的户" in worker.get("/today/").content.decode()


@pytest.mark.parametrize("facet", FACETS)
def test_every_facet_is_a_list(worker: Client, cast: Cast, facet: str) -> None:
    home(cast)
    assert worker.get("/homes/", {"facet": facet}).status_code == 200


def test_facets_narrow_the_list(secretary: Client, cast: Cast) -> None:
    late = promised(home(cast, "101", colour="red"), -2)
    due = promised(home(cast, "102", colour="orange"), 0)
    calm = promised(home(cast, "103"), 30)
    lives(cast, calm, phone="12000000001")
    gone = home(cast, "104")
    workflow.move_out(lives(cast, gone), key=uuid4(), by=cast.worker, at=timezone.now())

    def listed(**asked: str) -> list[int]:
        return [row.pk for row in secretary.get("/homes/", asked).context["rows"]]

    assert listed() == [late.pk, due.pk, calm.pk]
    assert listed(facet="due") == [late.pk, due.pk]
    assert listed(facet="visit_overdue") == [late.pk]
    assert listed(facet="orange") == [due.pk]
    assert listed(facet="no_phone") == [late.pk, due.pk]
    assert listed(facet="ended") == [gone.pk]
    assert listed(q="锦绣华庭 102") == [due.pk]
    assert listed(place=NEIGHBOUR) == []
    assert listed(facet="%00nonsense", place="nonsense") == [late.pk, due.pk, calm.pk]


def test_the_list_turns_over_by_key_and_its_questions_do_not_grow(
    secretary: Client, cast: Cast, monkeypatch: Any
) -> None:
    monkeypatch.setattr("shouyang.homes.listing.ON_A_PAGE", 2)
    homes = [home(cast, room) for room in ("101", "102", "103")]
    secretary.get("/homes/")
    with CaptureQueriesContext(connection) as few:
        first = secretary.get("/homes/")
    assert ([row.pk for row in first.context["rows"]], first.context["total"]) == ([one.pk for one in homes[:2]], "3")
    rest = secretary.get("/homes/", {"after": first.context["older"]})
    assert ([row.pk for row in rest.context["rows"]], rest.context["older"]) == ([homes[2].pk], "")
    for room in range(201, 206):
        lives(cast, home(cast, str(room)))
    with CaptureQueriesContext(connection) as many:
        secretary.get("/homes/")
    assert len(many) == len(few)


def test_a_number_is_sent_and_never_said_back(secretary: Client, cast: Cast) -> None:
    household = home(cast)
    lives(cast, household, id_number=WANG)
    assert secretary.post("/homes/find/", {"q": WANG})["Location"] == f"/homes/{household.pk}/"
    none = secretary.post("/homes/find/", {"q": WANG[:-1] + "0"})
    assert none.status_code == 200
    assert WANG[:-1] not in none.content.decode()
    assert secretary.post("/homes/find/", {"q": "锦绣华庭 5"})["Location"].startswith("/homes/?q=")
    assert secretary.post("/homes/find/", {"q": "锦绣华庭"})["Location"].startswith("/homes/?q=")


@pytest.mark.parametrize("words", ["赵铁柱", "1" * 19, "138123456789", "138 1234 56789", "锦绣华庭 13812345678"])
def test_a_name_or_number_that_is_not_on_record_stands_in_no_address(secretary: Client, cast: Cast, words: str) -> None:
    home(cast)
    answer = secretary.post("/homes/find/", {"q": words})
    assert answer.status_code == 200
    assert "没有查到" in answer.content.decode()
    assert words not in answer.content.decode()


def test_the_search_box_finds_a_home_for_those_who_may_see_it(worker: Client, cast: Cast) -> None:
    household = home(cast)
    lives(cast, household, phone="12000000001", id_number=WANG)
    assert worker.get("/search/", {"q": household.number})["Location"] == f"/homes/{household.pk}/"
    assert household.dwelling.address in worker.get("/search/", {"q": "12000000001"}).content.decode()
    assert "petitions=1" in worker.get("/search/", {"q": "12000000001"}).content.decode()
    assert "没有这个号码的诉求" in worker.get("/search/", {"q": "12000000001", "petitions": "1"}).content.decode()
    for number in (WANG, WANG[:-1] + "0"):
        answer = worker.get("/search/", {"q": number}, follow=True)
        assert number.encode() not in answer.content
    worker.force_login(cast.operator)
    assert household.dwelling.address not in worker.get("/search/", {"q": "12000000001"}).content.decode()


class TestRules:
    def typed(self, **said: str) -> dict[str, str]:
        rules = VisitRule.objects.all()
        filled = {f"{rule.colour}-{name}": str(getattr(rule, name)) for rule in rules for name in FIELDS}
        return filled | {"cap": "6"} | {name.replace("__", "-"): value for name, value in said.items()}

    def test_the_workload_is_shown_before_anything_is_saved(self, client: Client, cast: Cast) -> None:
        home(cast, colour="red")
        client.force_login(cast.reviewer)
        answer = client.post("/homes/rules/", self.typed(red__unit="day", cap="1") | {"do": "preview"})
        now, then = answer.context["now"], answer.context["then"]
        assert (now.visits, then.visits, now.over, then.over) == (52, 365, 0, 1)
        assert "改动以后" in answer.content.decode()
        assert VisitRule.objects.get(colour="red").unit == "week"

    def test_saving_is_on_record_and_says_what_was_changed(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.reviewer)
        typed = self.typed(red__unit="day", red__crisis_days="2", cap="9") | {"do": "save"}
        answer = client.post("/homes/rules/", typed, follow=True)
        assert "红色户" in answer.content.decode()
        red = VisitRule.objects.get(colour="red")
        assert (red.unit, red.crisis_days, terms.setting("visits_a_day")) == ("day", 2, 9)
        assert LogEntry.objects.filter(user=cast.reviewer).count() == 2

    def test_nonsense_is_refused_beside_its_field(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.admin)
        typed = self.typed(red__every="0", green__phone_percent="101", cap="") | {"do": "save"}
        answer = client.post("/homes/rules/", typed)
        assert answer.status_code == 422
        for words in ("不能小于 1", "不能大于 100", "请填写每人每个工作日"):
            assert words in answer.content.decode(), words

    def test_who_only_reads_may_not_save(self, client: Client, cast: Cast) -> None:
        for name in ("secretary", "street"):
            client.force_login(getattr(cast, name))
            assert client.get("/homes/rules/").status_code == 200
            assert client.post("/homes/rules/", self.typed() | {"do": "save"}).status_code == 403
        for name in ("operator", "member", "officer"):
            client.force_login(getattr(cast, name))
            assert client.get("/homes/rules/").status_code == 404


def test_a_strangers_grid_and_the_citys_desks_find_nothing(client: Client, cast: Cast) -> None:
    household = home(cast)
    wang = lives(cast, household, id_number=WANG, phone="12000000001")
    Posting.objects.filter(user=cast.gridsecretary).update(duty=Duty.GRID_WORKER, place=NEIGHBOUR)
    ways = ["", "fields/", "story/", "move-in/", "birth/", "move-over/", "twins/", f"residents/{wang.pk}/move-out/"]
    ways += [f"residents/{wang.pk}/death/", f"residents/{wang.pk}/care/"]
    posts = ["", "unmask/", "move-in/", f"residents/{wang.pk}/death/", "needs/1/", "care/1/end/", "twins/1/2/"]
    for name in ("gridsecretary", "operator", "reviewer", "leader", "auditor", "admin", "member", "officer"):
        client.force_login(getattr(cast, name))
        answers = [client.get(f"/homes/{household.pk}/{way}") for way in ways]
        answers += [client.post(f"/homes/{household.pk}/{way}") for way in posts]
        assert {answer.status_code for answer in answers} == {404}, name
        answers += [client.get("/today/"), client.get("/homes/"), client.post("/homes/find/", {"q": WANG})]
        for answer in answers:
            assert WANG.encode() not in answer.content
            assert household.dwelling.address.encode() not in answer.content
        expected = 200 if name == "gridsecretary" else 404
        assert [answer.status_code for answer in answers[-3:]] == [expected] * 3, name
    assert household.members().count() == 1


def test_who_sees_a_home_and_keeps_no_record_is_refused(client: Client, cast: Cast) -> None:
    household = home(cast)
    wang = lives(cast, household)
    for name in ("street", "gridsecretary"):
        client.force_login(getattr(cast, name))
        assert client.get(f"/homes/{household.pk}/").status_code == 200
        for way in ("fields/", "move-in/", f"residents/{wang.pk}/death/"):
            assert client.get(f"/homes/{household.pk}/{way}").status_code == 403, (name, way)
        assert client.get("/homes/new/").status_code == 403
    client.force_login(cast.street)
    assert send(client, household).status_code == 403
