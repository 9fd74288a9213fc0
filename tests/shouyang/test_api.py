"""The API: one petition the whole way, lists and their pages, files, and what nobody may read there."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Access
from petitions import workflow
from petitions.models import Petition, Status
from petitions.rules import NOT_BUTTONS, RULES
from petitions.serializers.shapes import ACTIONS
from tests.cast import MONDAY_TEN, Cast, call
from tests.shouyang.asking import Asker, the_call

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def act(user: Any, number: str, action: str, **said: Any) -> Any:
    answer = Asker(user).post(f"petitions/{number}/{action}/", said)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def test_a_petition_goes_from_call_to_close_over_the_api(cast: Cast) -> None:
    registered = Asker(cast.operator).post("petitions/", the_call())
    assert registered.status_code == 201
    body = registered.json()
    number = body["number"]
    assert registered["Location"].endswith(f"/api/v1/petitions/{number}/")
    assert len(body["lookup_code"]) == 6

    act(cast.dispatcher, number, "dispatch", to=cast.bureau.pk, opinion="请现场核实")
    signed = act(cast.officer, number, "sign")
    assert {action["action"] for action in signed["actions"]} >= {"contact", "attach"}
    assert {action["action"]: action["reason"] for action in signed["hindered"]}["reply"]
    act(cast.officer, number, "contact", manner="phone", reached=True, note="已说明")
    act(cast.officer, number, "reply", result="已清理", basis="市容条例", assessment="solved")
    act(cast.head, number, "approve")
    act(cast.reviewer, number, "pass_review")
    closed = act(cast.caller, number, "call_back", reached=True, contacted=True, solved="yes", satisfied="very")
    assert closed["status"] == Status.CLOSED
    assert closed["events"][0]["sentence"] == "办结"
    assert not any(promised["running"] for promised in closed["promises"])


def test_every_action_that_a_person_may_choose_has_an_address(cast: Cast) -> None:
    number = call(cast).number
    for action in RULES.keys() - NOT_BUTTONS:
        assert reverse(f"api:petition-{action}", args=[number]) == f"/api/v1/petitions/{number}/{action}/"
    assert set(ACTIONS) == RULES.keys() - NOT_BUTTONS


def test_the_actions_say_what_they_need(cast: Cast) -> None:
    number = call(cast).number
    actions = {a["action"]: a for a in Asker(cast.dispatcher).get(f"petitions/{number}/").json()["actions"]}
    available = workflow.available(Petition.objects.get(number=number), cast.dispatcher, MONDAY_TEN)
    assert set(actions) == {name for name, hindrance in available.items() if not hindrance}
    to, assisting, opinion = actions["dispatch"]["fields"]
    assert (assisting["name"], assisting["type"], assisting["required"]) == ("assisting", "units", False)
    assert (to["name"], to["type"], to["required"]) == ("to", "unit", True)
    assert (opinion["name"], opinion["max_length"], opinion["required"]) == ("opinion", 200, False)
    assert actions["dispatch"]["url"].endswith(f"/api/v1/petitions/{number}/dispatch/")


@pytest.mark.parametrize("key", ["0b9f6e3e-6d0e-4a44-9f6f-6f2f6d1a9a10", "来自随手拍-0042"])
def test_the_same_key_twice_makes_one_petition(cast: Cast, key: str) -> None:
    asker = Asker(cast.operator)
    header = {"HTTP_IDEMPOTENCY_KEY": key} if key.isascii() else {}
    said = the_call() if header else the_call(submission=str(uuid4()))
    first, again = (asker.post("petitions/", said, **header) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    assert Petition.objects.count() == 1


def test_the_same_plain_key_of_two_people_makes_two_petitions(cast: Cast) -> None:
    answers = [
        Asker(who).post("petitions/", the_call(), HTTP_IDEMPOTENCY_KEY="call-7")
        for who in (cast.operator, cast.dispatcher)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]


def test_a_point_on_the_map_is_kept(cast: Cast) -> None:
    answer = Asker(cast.operator).post("petitions/", the_call(longitude=118.74, latitude=36.88))
    assert (answer.json()["longitude"], answer.json()["latitude"]) == (118.74, 36.88)


def test_an_amendment_changes_only_what_it_names(cast: Cast) -> None:
    petition = call(cast)
    body = act(cast.operator, petition.number, "amend", title="夜间占道烧烤")
    assert (body["title"], body["content"], body["place"]["code"]) == (
        "夜间占道烧烤",
        petition.content,
        petition.place_id,
    )
    assert body["events"][0]["changes"] == [{"field": "标题", "old": petition.title, "new": "夜间占道烧烤"}]


def test_nobody_reads_the_caller_over_the_api(cast: Cast) -> None:
    open_one, secret = call(cast), call(cast, confidential=True)
    for petition in (open_one, secret):
        workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher)
    for user in (cast.operator, cast.officer, cast.leader, cast.worker):
        asker = Asker(user)
        words = asker.get("petitions/").content.decode()
        words += "".join(asker.get(f"petitions/{one.number}/").content.decode() for one in (open_one, secret))
        for leak in ("12000000001", "王秀英", open_one.lookup_code, secret.lookup_code):
            assert leak not in words, user
    callers = Asker(cast.officer).get(f"petitions/{secret.number}/").json()["caller"]
    assert {field["words"] for field in callers} == {"保密"}
    callers = Asker(cast.operator).get(f"petitions/{secret.number}/").json()["caller"]
    assert {field["words"] for field in callers} == {"王**", "120****0001"}


def test_the_list_filters_and_counts_like_the_page(cast: Cast) -> None:
    mine = [call(cast, at=MONDAY_TEN + timedelta(minutes=n)) for n in range(3)]
    workflow.dispatch(mine[0], to=cast.bureau, by=cast.dispatcher)
    asker = Asker(cast.dispatcher)

    def numbers(**query: Any) -> list[str]:
        return [row["number"] for row in asker.get("petitions/", **query).json()["results"]]

    assert numbers() == [petition.number for petition in reversed(mine)]
    assert numbers(facet="awaiting_sign") == [mine[0].number]
    assert numbers(unit=cast.bureau.pk) == [mine[0].number]
    assert numbers(q="烧烤", place="370783001") == numbers()
    assert numbers(item="B01") == []
    assert numbers(since="2026-11-17") == []


def test_a_list_is_read_to_its_end_by_its_cursors(cast: Cast) -> None:
    numbers = [call(cast, at=MONDAY_TEN + timedelta(seconds=n // 3)).number for n in range(8)]
    asker, seen, address = Asker(cast.operator), [], "petitions/?page_size=3"
    while address:
        body = asker.get(address).json()
        seen += [row["number"] for row in body["results"]]
        address = body["next"]
    assert seen == list(reversed(numbers))


def test_queries_do_not_grow_with_rows(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    petition = call(cast)
    asker = Asker(cast.officer)
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher)
    workflow.sign(petition, by=cast.officer)
    workflow.contact(petition, by=cast.officer, manner="phone", reached=True, note="联系一次")
    for path in ("petitions/", f"petitions/{petition.number}/"):
        asker.get(path)
    with django_assert_max_num_queries(7) as few:
        asker.get("petitions/")
    with django_assert_max_num_queries(30) as short:
        asker.get(f"petitions/{petition.number}/")
    for _ in range(5):
        another = call(cast)
        workflow.dispatch(another, to=cast.bureau, by=cast.dispatcher)
    for _ in range(5):
        workflow.contact(petition, by=cast.officer, manner="phone", reached=True, note="又联系一次")
    with django_assert_num_queries(len(few)):
        assert len(asker.get("petitions/").json()["results"]) == 6
    with django_assert_num_queries(len(short)):
        asker.get(f"petitions/{petition.number}/")


def test_files_go_in_and_come_out_through_the_api(cast: Cast) -> None:
    petition = call(cast)
    asker = Asker(cast.operator)
    address = f"/api/v1/petitions/{petition.number}/attach/"
    answer = asker.client.post(address, {"files": [SimpleUploadedFile("现场.png", PNG)], "version": petition.version})
    assert answer.status_code == 200, answer.content.decode()
    (file,) = answer.json()["attachments"]
    assert (file["name"], file["content_type"], file["size"]) == ("现场.png", "image/png", len(PNG))
    assert b"".join(asker.get(file["url"]).streaming_content) == PNG
    assert Access.objects.filter(by=cast.operator, kind=Access.Kind.DOWNLOAD).count() == 1
    assert Asker(cast.member).get(file["url"]).status_code == 404


def test_reference_data_is_there_for_everybody_who_is_signed_in(cast: Cast) -> None:
    asker = Asker(cast.member)
    assert len(asker.get("places/", kind="street").json()["results"]) == 5
    assert asker.get("places/", parent="370783001901").json()["results"][0]["code"] == "370783001901001"
    prefixed = asker.get("places/", prefix="370783001901", page_size=200).json()["results"]
    assert {row["kind"] for row in prefixed} == {"community", "grid"}
    assert asker.get("places/370783001901001/").json()["boundary"]["type"] in {"Polygon", "MultiPolygon"}
    assert asker.get("items/A02/").json()["lead_name"]
    assert asker.get("units/", name="综合行政执法").json()["results"][0]["id"] == cast.bureau.pk
    assert len(asker.get("channels/").json()) == 13


def test_a_point_finds_its_grid(cast: Cast) -> None:
    asker = Asker(cast.operator)
    found = asker.get("places/", point="118.7115,36.8662").json()["results"]
    assert [place["code"] for place in found] == ["370783001901001"]
    assert asker.get("places/", point="10.5,10.5").json()["results"] == []
    refused = asker.get("places/", point="向阳社区")
    assert refused.status_code == 400
    assert "应为“经度,纬度”" in str(refused.json()["errors"])
