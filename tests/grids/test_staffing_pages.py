"""The pages of who answers for a grid: the people, the matrix, the card; and who is kept out."""

import io
import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Access, Unit, User
from grids import card
from grids.models import LINES, Duty, Leave, Place, Posting, StaffingRule
from tests.cast import XIANGYANG_1, Cast

PEOPLE, NEIGHBOUR = f"/grids/{XIANGYANG_1}/people/", "370783001901002"
COMMUNITY = XIANGYANG_1[:12]


@pytest.fixture
def colleague(cast: Cast) -> User:
    user = User.objects.create(username="colleague", name="赵小芳", mobile="12000000777")
    place = Place.objects.get(pk=NEIGHBOUR)
    assert place.unit
    Posting.objects.create(user=user, duty=Duty.GRID_WORKER, unit=place.unit, place=place, since=date(2020, 1, 1))
    return user


def seen(client: Client, user: User, address: str, status: int = 200) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def sent(client: Client, user: User, address: str, **values: Any) -> Any:
    client.force_login(user)
    return client.post(address, {"key": str(uuid4())} | values)


def neighbour(**said: Any) -> dict[str, Any]:
    return {"person": "孙桂香", "new": "on", "source": "building_head", "since": str(timezone.localdate())} | said


class TestPeople:
    @pytest.mark.parametrize("who", ["worker", "gridsecretary", "secretary", "street", "organiser", "admin", "auditor"])
    def test_those_of_the_place_and_of_the_city_read_it(self, client: Client, cast: Cast, who: str) -> None:
        page = seen(client, getattr(cast, who), PEOPLE)
        assert cast.worker.name in page
        assert ("卸任</a>" in page) == (who in {"secretary", "organiser", "admin"})

    @pytest.mark.parametrize("who", ["operator", "officer", "member", "liaison"])
    def test_for_others_it_is_not_there(self, client: Client, cast: Cast, who: str) -> None:
        posting = cast.gridsecretary.postings.get()
        for address in (PEOPLE, f"{PEOPLE}appoint/assistant/", f"{PEOPLE}{posting.pk}/relieve/"):
            seen(client, getattr(cast, who), address, 404)

    def test_the_worker_of_another_grid_is_a_stranger(self, client: Client, cast: Cast, colleague: User) -> None:
        seen(client, colleague, PEOPLE, 404)
        leave = Leave(user=cast.worker, deputy=colleague, by=cast.secretary, at=timezone.now())
        leave.since, leave.until = timezone.localdate(), timezone.localdate() + timedelta(days=1)
        leave.save()
        colleague.remembered.clear()
        assert "请假中" in seen(client, colleague, PEOPLE)

    def test_who_sees_it_may_not_therefore_change_it(self, client: Client, cast: Cast) -> None:
        posting = cast.gridsecretary.postings.get()
        for who in (cast.worker, cast.street, cast.leader):
            for address in (f"{PEOPLE}appoint/assistant/", f"{PEOPLE}{posting.pk}/relieve/"):
                seen(client, who, address, 403)
                assert sent(client, who, address, why="x").status_code == 403
        seen(client, cast.secretary, f"{PEOPLE}appoint/grid_worker/", 403)
        seen(client, cast.secretary, f"{PEOPLE}appoint/leader/", 404)
        seen(client, cast.secretary, "/grids/370783001902001/people/", 404)

    def test_a_posting_is_not_reached_through_another_grid(self, client: Client, cast: Cast) -> None:
        posting = cast.gridsecretary.postings.get()
        seen(client, cast.secretary, f"/grids/{NEIGHBOUR}/people/{posting.pk}/relieve/", 404)

    def test_the_number_of_queries_is_fixed(
        self, client: Client, cast: Cast, django_assert_max_num_queries: Any, django_assert_num_queries: Any
    ) -> None:
        seen(client, cast.secretary, PEOPLE)
        with django_assert_max_num_queries(16) as asked:
            client.get(PEOPLE)
        before = len(asked)
        for n in range(5):
            sent(client, cast.secretary, f"{PEOPLE}appoint/assistant/", **neighbour(person=f"孙桂{n}"))
        client.get(PEOPLE)  # reads its flash messages away
        with django_assert_num_queries(before):
            assert "孙桂4" in client.get(PEOPLE).content.decode()


class TestForms:
    def test_a_new_assistant_stands_on_the_page(self, client: Client, cast: Cast) -> None:
        answer = sent(
            client, cast.secretary, f"{PEOPLE}appoint/assistant/", **neighbour(mobile="120 0000 0055"), follow=True
        )
        assert answer.status_code == 302
        posting = Posting.objects.get(duty=Duty.ASSISTANT)
        assert (posting.user.name, posting.user.mobile, posting.get_source_display()) == (
            "孙桂香",
            "12000000055",
            "楼道长",
        )
        page = seen(client, cast.secretary, PEOPLE)
        assert "孙桂香" in page
        assert "12000000055" not in page

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({"person": ""}, "请填写姓名或用户名。"),
            ({"new": "", "person": "查无此人"}, "名册里没有“查无此人”"),
            ({"person": "孙\x00"}, "不允许是用空字符"),
            ({"source": ""}, "请选择来源。"),
            ({"source": "nonsense"}, "没有这个选项"),
            ({"since": "昨天"}, "请写成 2026-11-22。"),
            ({"since": "1999-01-01"}, "前后一年以内"),
            ({"until": "2001-01-01"}, "任职止应晚于任职起"),
            ({"mobile": "110"}, "号码不完整"),
            ({"person": "长" * 41}, "最多 40 个字"),
            ({"key": "x"}, "表单已失效"),
            ({"new": "", "person": "王小燕"}, "不再计作网格协管员"),
        ],
    )
    def test_what_is_wrong_is_said_beside_it_and_kept(
        self, client: Client, cast: Cast, said: dict[str, str], sentence: str
    ) -> None:
        answer = sent(client, cast.secretary, f"{PEOPLE}appoint/assistant/", **neighbour(**said))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in page
        assert said.get("person", "孙桂香").strip("\x00") in page
        assert not Posting.objects.filter(duty=Duty.ASSISTANT).exists()

    def test_namesakes_are_told_apart_by_their_user_names(self, client: Client, cast: Cast) -> None:
        for n in range(2):
            User.objects.create(username=f"same{n}", name="孙桂香")
        answer = sent(client, cast.secretary, f"{PEOPLE}appoint/assistant/", **neighbour(new=""))
        assert "有 2 位“孙桂香”，请填写用户名：same0、same1" in answer.content.decode()
        sent(client, cast.secretary, f"{PEOPLE}appoint/assistant/", **neighbour(new="", person="孙桂香 same1"))
        assert Posting.objects.get(duty=Duty.ASSISTANT).user.username == "same1"

    def test_a_secretary_from_next_door_needs_a_reason(self, client: Client, cast: Cast) -> None:
        Posting.objects.filter(duty=Duty.GRID_SECRETARY).delete()
        address, today = f"{PEOPLE}appoint/grid_secretary/", str(timezone.localdate())
        said = {"person": "周大海", "new": "on", "lives": "next_door", "since": today}
        answer = sent(client, cast.secretary, address, **said)
        assert "住在相邻网格的，请写明理由。" in answer.content.decode()
        assert sent(client, cast.secretary, address, **said, lives_why="本网格没有愿意的党员").status_code == 302
        assert "本网格没有愿意的党员" in seen(client, cast.secretary, PEOPLE)

    def test_leave_through_the_form_and_back_again(self, client: Client, cast: Cast, colleague: User) -> None:
        address, today = f"{PEOPLE}{cast.worker.postings.get().pk}/leave/", timezone.localdate()
        said = {"since": str(today), "until": str(today + timedelta(days=3))}
        assert "网格不能没有人管" in sent(client, cast.secretary, address, **said, deputy="").content.decode()
        assert sent(client, cast.secretary, address, **said, deputy=cast.member.pk).status_code == 422
        assert sent(client, cast.secretary, address, **said, deputy=colleague.pk).status_code == 302
        taken = Leave.objects.get()
        assert f"由{colleague.name}代管" in seen(client, cast.operator, f"/places/{XIANGYANG_1}/")
        back = f"/grids/{XIANGYANG_1}/leaves/{taken.pk}/back/"
        assert sent(client, cast.worker, back).status_code == 403
        assert sent(client, cast.operator, back).status_code == 404
        assert sent(client, cast.secretary, back).status_code == 302
        assert sent(client, cast.secretary, back).status_code == 409

    def test_a_relief_asks_why(self, client: Client, cast: Cast) -> None:
        address = f"{PEOPLE}{cast.gridsecretary.postings.get().pk}/relieve/"
        assert "请填写卸任事由。" in sent(client, cast.secretary, address).content.decode()
        assert sent(client, cast.secretary, address, why="搬离").status_code == 302
        assert "搬离" in seen(client, cast.secretary, PEOPLE)


class TestMatrix:
    def people(self, *codes: str, line: str = "公安", name: str = "高警官") -> None:
        user, _ = User.objects.get_or_create(username=name, defaults={"name": name})
        unit = Unit.objects.get(line=line)
        for code in codes:
            Posting.objects.create(
                user=user, duty=Duty.LINE_ASSISTANT, unit=unit, place_id=code, since=date(2020, 1, 1)
            )

    def test_a_gap_is_red_and_a_name_says_how_many_grids(self, client: Client, cast: Cast) -> None:
        self.people(XIANGYANG_1, NEIGHBOUR)
        client.force_login(cast.street)
        answer = client.get(f"/grids/matrix/?place={COMMUNITY}")
        assert len(answer.context["rows"]) == 10
        row = dict(answer.context["rows"][0].cells)
        assert [str(one) for one in row["公安"]] == ["高警官（2 格）"]
        assert row["市场监管"] == []
        assert {line.name: line.gaps for line in answer.context["lines"]} == dict.fromkeys(LINES, 10) | {"公安": 8}
        assert len(re.findall("tone-red", answer.content.decode())) == 10 * 7 - 4  # worker, secretary, twice the police

    def test_the_gaps_alone(self, client: Client, cast: Cast) -> None:
        for line in LINES:
            self.people(XIANGYANG_1, line=line, name=f"{line}甲")
        client.force_login(cast.street)
        rows = client.get(f"/grids/matrix/?place={COMMUNITY}&gaps=1").context["rows"]
        assert XIANGYANG_1 not in {row.grid.code for row in rows}
        assert len(rows) == 9

    def test_every_number_opens_its_list(self, client: Client, cast: Cast) -> None:
        self.people(XIANGYANG_1, NEIGHBOUR)
        client.force_login(cast.street)
        for line in client.get(f"/grids/matrix/?place={COMMUNITY}").context["lines"]:
            answer = client.get("/grids/matrix/", {"place": COMMUNITY, "gaps": line.name})
            assert len(answer.context["rows"]) == line.gaps

    @pytest.mark.parametrize(
        ("who", "place"),
        [("worker", COMMUNITY), ("secretary", COMMUNITY), ("street", "370783001"), ("leader", "370783001")],
    )
    @pytest.mark.parametrize("asked", ["", "?place=nonsense", "?place=370783001901001"])
    def test_everybody_begins_at_home(self, client: Client, cast: Cast, who: str, place: str, asked: str) -> None:
        client.force_login(getattr(cast, who))
        assert client.get(f"/grids/matrix/{asked}").context["place"].code == place

    def test_it_asks_a_fixed_number_of_questions(
        self, client: Client, cast: Cast, django_assert_max_num_queries: Any, django_assert_num_queries: Any
    ) -> None:
        client.force_login(cast.street)
        client.get("/grids/matrix/")
        with django_assert_max_num_queries(12) as before:
            client.get(f"/grids/matrix/?place={COMMUNITY}")
        for n, line in enumerate(LINES):
            self.people(*(f"{COMMUNITY}{n:03d}" for n in range(1, 11)), line=line, name=f"{line}{n}")
        with django_assert_num_queries(len(before)):
            answer = client.get("/grids/matrix/?place=370783001")
        assert len(answer.context["rows"]) == 60
        assert len(answer.content) < 100_000

    def test_a_stranger_is_sent_to_sign_in(self, client: Client, db: Any) -> None:
        for address in ("/grids/matrix/", PEOPLE, f"/grids/{XIANGYANG_1}/card/"):
            assert client.get(address).status_code == 302

    def test_the_sheet_says_what_the_page_says(self, client: Client, cast: Cast) -> None:
        self.people(XIANGYANG_1, NEIGHBOUR)
        client.force_login(cast.street)
        answer = client.get(f"/exports/of/grid_matrix/?place={COMMUNITY}")
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
        assert sheet
        lines = [[cell.value for cell in row] for row in sheet.iter_rows() if row[0].value == XIANGYANG_1]
        assert lines[0][1:6] == ["向阳第1网格", "向阳社区", cast.gridsecretary.name, cast.worker.name, "高警官（2 格）"]
        assert lines[0][6] == "空缺"
        assert Access.objects.filter(kind=Access.Kind.EXPORT, subject="grid_matrix", by=cast.street).count() == 1


class TestCard:
    ADDRESS = f"/public/grid/{XIANGYANG_1}/"

    def test_anybody_reads_who_answers(self, client: Client, cast: Cast) -> None:
        page = client.get(self.ADDRESS).content.decode()
        for words in ("向阳第1网格", "向阳社区", cast.worker.name, cast.gridsecretary.name, "12345", "随手拍"):
            assert words in page

    def test_a_name_that_is_not_for_everybody_stays_inside(self, client: Client, cast: Cast) -> None:
        sent(client, cast.secretary, f"{PEOPLE}appoint/assistant/", **neighbour(mobile="12000000055"))
        User.objects.filter(pk=cast.worker.pk).update(mobile="12000000066")
        Posting.objects.filter(user=cast.gridsecretary).update(shown=False)
        client.logout()
        page = client.get(self.ADDRESS).content.decode()
        assert "12000000066" in page  # her work telephone
        for hidden in ("孙桂香", "12000000055", cast.gridsecretary.name):
            assert hidden not in page
        assert "1 名热心居民" in page
        Posting.objects.filter(duty=Duty.ASSISTANT).update(shown=True)
        page = client.get(self.ADDRESS).content.decode()
        assert "孙桂香" in page
        assert "12000000055" not in page

    def test_a_vacancy_names_where_to_turn(self, client: Client, cast: Cast) -> None:
        Posting.objects.filter(duty=Duty.GRID_WORKER).delete()
        assert "正在配备，有事请联系社区" in client.get(self.ADDRESS).content.decode()

    def test_who_stands_in_is_named(self, client: Client, cast: Cast, colleague: User) -> None:
        today = timezone.localdate()
        Leave.objects.create(
            user=cast.worker,
            deputy=colleague,
            since=today,
            until=today + timedelta(days=1),
            by=cast.secretary,
            at=timezone.now(),
        )
        User.objects.filter(pk=cast.worker.pk).update(mobile="12000000066")
        page = client.get(self.ADDRESS).content.decode()
        assert f"由{colleague.name}代管" in page
        assert "12000000777" in page, "who stands in is rung"
        assert "12000000066" not in page
        Leave.objects.update(deputy=cast.gridsecretary)
        User.objects.filter(pk=cast.gridsecretary.pk).update(mobile="12000000055")
        assert "12000000055" not in client.get(self.ADDRESS).content.decode(), "it may be his own"

    def test_a_closed_grid_says_where_it_went(self, client: Client, cast: Cast) -> None:
        Posting.objects.filter(place=XIANGYANG_1).update(until=date(2026, 11, 1))
        Place.objects.filter(pk=XIANGYANG_1).update(closed_on=date(2026, 11, 1), merged_into=NEIGHBOUR)
        public = client.get(self.ADDRESS).content.decode()
        assert f'已并入<a href="/public/grid/{NEIGHBOUR}/">向阳社区向阳第2网格</a>' in public
        assert "正在配备" not in public
        assert f'<a href="/grids/{NEIGHBOUR}/card/">' in seen(client, cast.operator, f"/grids/{XIANGYANG_1}/card/")
        people = seen(client, cast.secretary, PEOPLE)
        assert f'<a href="/grids/{NEIGHBOUR}/people/">' in people
        assert "新增" not in people
        said = {"person": cast.member.username, "lives": "here", "since": str(timezone.localdate()), "until": ""}
        refused = sent(client, cast.secretary, f"{PEOPLE}appoint/grid_secretary/", **said)
        assert "向阳第1网格已于 2026-11-01 撤销，不能再任职。" in refused.content.decode()

    @pytest.mark.parametrize("code", ["370783", COMMUNITY, "370783001901999", "x", "0" * 400])
    def test_what_is_no_grid_is_not_found(self, client: Client, cast: Cast, code: str) -> None:
        assert client.get(f"/public/grid/{code}/").status_code == 404

    def test_the_code_leads_to_the_page(self, client: Client, cast: Cast, settings: Any) -> None:
        assert client.get(self.ADDRESS).context["address"] == f"http://testserver{self.ADDRESS}"
        settings.PORTAL_ADDRESS = "https://portal.example"
        client.force_login(cast.secretary)
        answer = client.get(f"/grids/{XIANGYANG_1}/card/")
        assert answer.context["address"] == f"https://portal.example{self.ADDRESS}"
        assert answer.context["qr"] == card.picture(answer.context["address"]) != card.picture("https://portal.example")

    def test_it_asks_a_fixed_number_of_questions(
        self, client: Client, cast: Cast, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(4):
            client.get(self.ADDRESS)
        for n in range(4):
            sent(client, cast.secretary, f"{PEOPLE}appoint/assistant/", **neighbour(person=f"孙桂{n}"))
        client.logout()
        with django_assert_num_queries(4):
            assert "4 名热心居民" in client.get(self.ADDRESS).content.decode()


def test_her_own_page_says_for_whom_she_stands_in(client: Client, cast: Cast, colleague: User) -> None:
    assert "代管" not in seen(client, colleague, "/account/")
    today = timezone.localdate()
    until = today + timedelta(days=1)
    Leave.objects.create(
        user=cast.worker, deputy=colleague, since=today, until=until, by=cast.secretary, at=timezone.now()
    )
    assert f"{cast.worker.name}的网格，到 {until} 返岗为止" in seen(client, colleague, "/account/")


def test_the_administrator_changes_a_standard(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.admin.pk).update(is_staff=True, is_superuser=True)
    client.force_login(User.objects.get(pk=cast.admin.pk))
    assert "一个网格最少的协管员人数" in client.get("/admin/grids/staffingrule/").content.decode()
    client.post("/admin/grids/staffingrule/assistants/change/", {"value": "5", "basis": "市里定的"})
    assert StaffingRule.objects.get(pk="assistants").value == 5
