"""Other software reads what is public and reports by a key: tried with two clients that we did not write."""

import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any

import pytest
from civicbot.http import HttpError, HttpTransport, RateLimiter
from civicbot.open311 import Open311Client
from civicbot.registry import Endpoint
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from georeport import GeoReport
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import ApiKey, Knock
from grids.models import Item, Visibility
from petitions import workflow
from petitions.models import Event, Petition
from petitions.open311 import views
from tests.cast import Cast, call, hours
from tests.petitions.test_reporting import photo

ROOT = "/open311/v2"
ODD = st.text(alphabet=st.characters(codec="utf-8"), max_size=40)


def report(client: Client, cast: Cast, user: Any = None, *, form: str = "json", **said: Any) -> Any:
    _, secret = ApiKey.issue(user or cast.operator, "随手拍")
    sent = {
        "api_key": secret,
        "service_code": "A02",
        "address_id": "370783001901001",
        "description": "桌子摆到人行道上",
    }
    headers = {"Idempotency-Key": said.pop("key")} if "key" in said else {}
    return client.post(f"{ROOT}/requests.{form}", sent | said, headers=headers)


def read(client: Client, path: str, **asked: Any) -> Any:
    answer = client.get(f"{ROOT}/{path}", asked)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def is_refused(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.content.decode()
    lines = answer.json()
    assert all(line["code"] == status and line["description"] for line in lines)
    return "；".join(line["description"] for line in lines)


def recent(cast: Cast, **said: Any) -> Petition:
    return call(cast, at=timezone.now() - hours(1), **said)


def test_the_whole_catalogue_is_offered_in_groups(client: Client, cast: Cast) -> None:
    offered = read(client, "services.json")
    assert [one["service_code"] for one in offered] == list(
        Item.objects.filter(active=True).values_list("code", flat=True)
    )
    assert all(one["metadata"] is True and one["type"] == "realtime" and one["group"] for one in offered)
    definition = read(client, "services/A02.json")
    assert [one["code"] for one in definition["attributes"]] == [
        *("nature", "happened_at", "wish", "confidential", "promise")
    ]
    assert "办结时限" in definition["attributes"][-1]["description"]
    assert "没有这项服务" in is_refused(client.get(f"{ROOT}/services/Z99.json"), 404)


def test_a_stranger_reads_the_progress_and_nothing_of_the_caller(client: Client, cast: Cast) -> None:
    petition = recent(cast, longitude=118.73456, latitude=36.88123)
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, opinion="请找王秀英了解", at=timezone.now())
    (told,) = read(client, f"requests/{petition.number}.json")
    assert told["agency_responsible"] == cast.bureau.name
    assert told["status"] == "open"
    assert told["expected_datetime"] > told["requested_datetime"]
    assert [one["description"] for one in told["updates"]] == ["诉求已登记", f"已派给{cast.bureau}办理"]
    assert (told["lat"], told["long"]) == (36.881, 118.735)
    words = str(told)
    for private in ("王秀英", "12000000001", "烧烤店", petition.lookup_code, "请找"):
        assert private not in words


@pytest.mark.parametrize("way", ["item", "caller", "main"])
def test_what_is_not_public_is_not_there(client: Client, cast: Cast, way: str) -> None:
    hidden = Item.objects.exclude(visibility=Visibility.PUBLIC).first()
    assert hidden
    ways: dict[str, dict[str, Any]] = {"item": {"item": hidden.code}, "caller": {"confidential": True}, "main": {}}
    petition = recent(cast, **ways[way])
    if way == "main":
        main = recent(cast, confidential=True)
        workflow.merge(petition, into=main, by=cast.operator, note="同一件事", at=timezone.now())
    assert read(client, "requests.json") == []
    assert read(client, "requests.json", service_request_id=petition.number) == []
    is_refused(client.get(f"{ROOT}/requests/{petition.number}.json"), 404)


def test_filters_and_pages(client: Client, cast: Cast) -> None:
    mine = [recent(cast, title=f"第{n}件").number for n in range(3)]
    other, now = recent(cast, item="A01"), timezone.now()
    old = call(cast, at=now - timedelta(days=120))

    def numbers(**asked: Any) -> list[str]:
        return [one["service_request_id"] for one in read(client, "requests.json", **asked)]

    assert set(numbers()) == {*mine, other.number}
    assert numbers(service_code="A01") == [other.number]
    assert len(numbers(service_code="A01,A02")) == 4
    assert numbers(service_request_id=f"{old.number},{mine[0]},nonsense") == [mine[0], old.number]
    assert [*numbers(page_size=3), *numbers(page_size=3, page=2)] == numbers()
    assert numbers(start_date="2020-01-01T00:00:00Z", end_date="2020-02-01T00:00:00Z") == []
    assert numbers(end_date=(now - timedelta(days=100)).isoformat()) == [old.number]
    assert numbers(status="closed") == []
    assert len(numbers(status="open,closed")) == 4


def test_a_list_costs_the_same_however_long_it_is(
    client: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for n in range(6):
        petition = recent(cast, title=f"第{n}件")
        workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=timezone.now())
    read(client, "requests.json")
    with django_assert_max_num_queries(4):
        assert len(read(client, "requests.json")) == 6


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, 400, "90 天"),
        ({"start_date": "昨天"}, 400, "start_date"),
        ({"end_date": "0001-01-01T00:00:00Z"}, 400, "超出范围"),
        ({"start_date": "9998-12-31T23:59:59Z"}, 400, "不能晚于"),
        ({"status": "lost"}, 400, "open、closed"),
        ({"service_code": "A02,Z99"}, 404, "服务目录"),
        ({"page": "0"}, 400, "正整数"),
        ({"page_size": "5000"}, 400, "最多 200"),
        ({"page": "999999"}, 400, "缩小范围"),
        ({"jurisdiction_id": "sfgov.org"}, 404, "jurisdiction_id"),
    ],
)
def test_what_cannot_be_asked_is_said_in_the_shape_of_georeport(
    client: Client, db: None, asked: dict[str, str], status: int, words: str
) -> None:
    assert words in is_refused(client.get(f"{ROOT}/requests.json", asked), status)
    tree = ET.fromstring(client.get(f"{ROOT}/requests.xml", asked).content)
    assert tree.tag == "errors"
    assert tree.findtext("error/code") == str(status)


def test_a_report_enters_like_a_call(client: Client, cast: Cast) -> None:
    answer = report(
        client, cast, first_name="秀英", last_name="王", phone="120 0000 0001", media_url="https://a.example/b.jpg"
    )
    assert answer.status_code == 201, answer.content.decode()
    (told,) = answer.json()
    petition = Petition.objects.get(number=told["service_request_id"])
    assert petition.channel_id == "SSP"
    assert petition.registered_by == cast.operator
    assert (petition.caller_name, petition.caller_phone, petition.anonymous) == ("王秀英", "12000000001", False)
    assert petition.content == "桌子摆到人行道上\n附图地址：https://a.example/b.jpg"
    assert petition.lookup_code in told["service_notice"]
    assert Event.objects.get(petition=petition).action == "register"
    assert read(client, f"tokens/{told['token']}.json")[0]["service_request_id"] == petition.number


def test_a_photo_comes_along(client: Client, cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert report(client, cast, media=photo()).status_code == 201
    (kept,) = Petition.objects.get().attachments.all()
    with kept.file.open() as opened:
        assert b"Exif" not in opened.read()
    assert (kept.name, kept.content_type, kept.stage) == ("IMG_0001.jpg", "image/jpeg", "before")
    page = SimpleUploadedFile("网页.jpg", b"<html>")
    assert "media：“网页.jpg”的内容与扩展名不符" in is_refused(report(client, cast, media=page), 400)
    assert Petition.objects.count() == 1


def test_an_impatient_program_reports_once(client: Client, cast: Cast) -> None:
    first, again = report(client, cast, key="call-1"), report(client, cast, key="call-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    is_refused(report(client, cast, cast.dispatcher, key=first.json()[0]["token"]), 409)
    assert Petition.objects.count() == 1


def test_what_is_asked_to_be_confidential_is_kept(client: Client, cast: Cast) -> None:
    said = {"attribute[confidential]": "yes", "attribute[nature]": "report", "attribute[wish]": "请查处"}
    (told,) = report(client, cast, **said).json()
    petition = Petition.objects.get()
    assert (petition.confidential, petition.nature, petition.wish) == (True, "report", "请查处")
    is_refused(client.get(f"{ROOT}/requests/{told['service_request_id']}.json"), 404)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"service_code": "Z99"}, "service_code"),
        ({"address_id": ""}, "address_id"),
        ({"address_id": "", "lat": "36.9"}, "经度和纬度"),
        ({"address_id": "", "lat": "95", "long": "118.7"}, "lat"),
        ({"address_id": "", "lat": "nan", "long": "118.7"}, "lat"),
        ({"description": "字" * 4001}, "description"),
        ({"description": "看不见\u202e的字"}, "控制字符"),
        ({"phone": "123"}, "phone"),
        ({"media_url": "javascript:alert(1)"}, "media_url"),
        ({"attribute[nature]": "anger"}, "attribute[nature]"),
        ({"attribute[confidential]": "maybe"}, "attribute[confidential]"),
        ({"attribute[happened_at]": "2099-01-01T00:00:00Z"}, "attribute[happened_at]"),
    ],
)
def test_a_bad_report_is_answered_word_by_word(client: Client, cast: Cast, said: dict[str, str], words: str) -> None:
    assert words in is_refused(report(client, cast, **said), 400)
    assert not Petition.objects.exists()


def test_who_may_not_register_may_not_report(client: Client, cast: Cast) -> None:
    assert "没有登记诉求的职责" in is_refused(report(client, cast, cast.head), 403)
    assert "api_key" in is_refused(client.post(f"{ROOT}/requests.json", {"service_code": "A02"}), 403)
    is_refused(client.post(f"{ROOT}/requests.json", {"api_key": "sy_nothing"}), 403)
    is_refused(client.post(f"{ROOT}/requests.json", "{}", content_type="application/json"), 415)
    is_refused(client.delete(f"{ROOT}/requests.json"), 405)
    is_refused(client.get(f"{ROOT}/requests.html"), 404)
    assert not Petition.objects.exists()


def test_a_grid_worker_reports_from_her_own_grid_alone(client: Client, cast: Cast) -> None:
    assert report(client, cast, cast.worker).status_code == 201
    assert Petition.objects.get().channel_id == "GRID"
    assert "不在您负责的范围内" in is_refused(report(client, cast, cast.worker, address_id="370783003"), 400)


def test_too_many_questions_have_to_wait(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    few = views.lockout.Door("few", allowed=2, within=views.MINUTE, rest=views.MINUTE)
    monkeypatch.setattr(views, "READING", few)
    answers = [client.get(f"{ROOT}/services.json") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    asked=st.dictionaries(
        st.sampled_from(
            ["service_request_id", "service_code", "start_date", "end_date", "status", "page", "page_size"]
        ),
        st.one_of(ODD, st.datetimes().map(str), st.integers().map(str)),
    ),
    form=st.sampled_from(["json", "xml"]),
)
def test_whatever_is_asked_is_answered_in_shape(client: Client, db: None, asked: dict[str, str], form: str) -> None:
    Knock.objects.all().delete()
    answer = client.get(f"{ROOT}/requests.{form}", asked)
    assert answer.status_code in {200, 400, 404}
    if form == "xml":
        assert ET.fromstring(answer.content).tag == ("service_requests" if answer.status_code == 200 else "errors")
    else:
        assert isinstance(answer.json(), list)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    said=st.dictionaries(
        st.sampled_from(
            [
                *("service_code", "lat", "long", "address_string", "address_id", "description", "media_url", "phone"),
                *("first_name", "last_name", "email", "attribute[nature]", "attribute[happened_at]"),
                *("attribute[confidential]", "jurisdiction_id", "api_key"),
            ]
        ),
        ODD,
    ),
    form=st.sampled_from(["json", "xml"]),
)
def test_whatever_is_reported_is_answered_in_shape(client: Client, cast: Cast, said: dict[str, str], form: str) -> None:
    Knock.objects.all().delete()
    answer = report(client, cast, form=form, **said)
    assert answer.status_code in {201, 400, 403, 404}
    if form == "xml":
        ET.fromstring(answer.content)
    else:
        assert isinstance(answer.json(), list)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_clients_of_others_read_and_report(live_server: Any, cast: Cast) -> None:
    _, secret = ApiKey.issue(cast.operator, "别的城市的软件")
    endpoint = Endpoint("shouguang", "寿光", f"{live_server.url}{ROOT}", write=True)
    theirs = Open311Client(endpoint, HttpTransport(rate_limiter=RateLimiter(0)))
    said: dict[str, Any] = {
        "address_string": "圣城街道向阳社区第1网格",
        "description": "路灯不亮",
        "attributes": {"nature": "complaint"},
        "api_key": secret,
    }
    sent = theirs.create_request("A02", dry_run=False, confirm="SEND", validate_remote=True, **said)
    number = sent.response[0]["service_request_id"]
    assert theirs.get_request(number)["service_code"] == "A02"
    assert [one["service_request_id"] for one in theirs.list_requests(status="open")] == [number]
    assert theirs.get_token(sent.response[0]["token"])[0]["service_request_id"] == number
    with pytest.raises(HttpError, match="HTTP 404"):
        theirs.get_request("SG2020010100001")
    for form in ("json", "xml"):
        other = GeoReport(f"{live_server.url}{ROOT}", output_format=form)
        assert len(other.get_service_list()) == Item.objects.filter(active=True).count()
        assert other.get_service_definition("A02")["service_code"] == "A02"
        assert other.get_service_request(number)["service_request_id"] == number
        assert number in str(other.get_service_requests(service_code="A02"))
