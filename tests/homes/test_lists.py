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
from tests.grids.homes import WANG, home, lives
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
