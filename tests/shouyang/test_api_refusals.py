"""Every way the API says no: always problem JSON, always a Chinese sentence, never half a petition and never a 500."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import lockout
from accounts.models import ApiKey
from petitions import workflow
from petitions.models import Event, Petition
from shouyang import throttling
from tests.cast import Cast, call
from tests.shouyang.asking import Asker, is_problem, the_call


def fields(answer: Any, status: int = 400) -> set[str]:
    return {line["field"] for line in is_problem(answer, status)["errors"]}


# --- Who may -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["petitions/", "places/", "petitions/SG2026111600001/", "/api/schema/"])
def test_without_a_sign_in_there_is_nothing(db: None, path: str) -> None:
    answer = Asker(None).get(path)
    is_problem(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_or_revoked_key_opens_nothing(cast: Cast) -> None:
    wrong, revoked = Asker(None), Asker(cast.operator)
    wrong.client.defaults["HTTP_AUTHORIZATION"] = "Bearer sy_nonsense\x00é"
    ApiKey.objects.get().revoke(cast.operator.date_joined)
    for asker in (wrong, revoked):
        is_problem(asker.get("petitions/"), 401)


def test_a_session_needs_the_csrf_token_to_change_anything(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.operator)
    assert client.get("/api/v1/petitions/").status_code == 200
    answer = client.post("/api/v1/petitions/", json.dumps(the_call()), content_type="application/json")
    assert "CSRF" in is_problem(answer, 403)["detail"]
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post(
        "/api/v1/petitions/", json.dumps(the_call()), content_type="application/json", HTTP_X_CSRFTOKEN="a" * 32
    )
    assert answer.status_code == 201


def test_a_strangers_petition_does_not_exist(cast: Cast) -> None:
    number = call(cast).number
    for who in (cast.officer, cast.member, cast.liaison, cast.admin):
        is_problem(Asker(who).get(f"petitions/{number}/"), 404)
        is_problem(Asker(who).post(f"petitions/{number}/sign/"), 404)
        assert Asker(who).get("petitions/").json()["results"] == []


def test_who_sees_but_may_not_is_told_so_before_anything_else(cast: Cast) -> None:
    petition = call(cast)
    for who in (cast.operator, cast.leader, cast.street):
        is_problem(Asker(who).post(f"petitions/{petition.number}/dispatch/"), 403)
    is_problem(Asker(cast.leader).post("petitions/", the_call()), 403)
    assert Event.objects.count() == 1


def test_what_cannot_be_done_now_is_a_conflict(cast: Cast) -> None:
    petition = call(cast)
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher)
    assert "待签收" in is_problem(Asker(cast.officer).post(f"petitions/{petition.number}/reply/"), 409)["detail"]
    workflow.sign(petition, by=cast.officer)
    said = {"result": "办好了", "basis": "条例", "assessment": "solved"}
    hindered = Asker(cast.officer).post(f"petitions/{petition.number}/reply/", said)
    assert "登记联系" in is_problem(hindered, 409)["detail"]


@pytest.mark.parametrize("stale", [{"HTTP_IF_MATCH": '"1"'}, {"HTTP_IF_MATCH": 'W/"1"'}, {}])
def test_a_stale_reader_changes_nothing(cast: Cast, stale: dict[str, str]) -> None:
    petition = call(cast)
    asker, address = Asker(cast.dispatcher), f"petitions/{petition.number}/"
    assert asker.get(address)["ETag"] == '"1"'
    workflow.amend(petition, by=cast.operator, title="夜间占道")
    said = {"to": cast.bureau.pk} | ({} if stale else {"version": 1})
    assert "刚刚被别人" in is_problem(asker.post(f"{address}dispatch/", said, **stale), 409)["detail"]
    assert asker.post(f"{address}dispatch/", said | {"version": 2}).status_code == 200


# --- How it is asked ---------------------------------------------------------------------------------------


def test_addresses_methods_and_types_that_do_not_exist(cast: Cast) -> None:
    asker, number = Asker(cast.operator), call(cast).number
    for path in (
        "nothing/",
        "petitions/SG1/",
        "petitions/%00/",
        "places/１２３４５６/",
        f"petitions/{number}/archive/",
    ):
        is_problem(asker.get(path), 404)
    is_problem(asker.client.delete(f"/api/v1/petitions/{number}/"), 405)
    is_problem(asker.get(f"petitions/{number}/sign/"), 405)
    is_problem(asker.client.get("/api/v1/places/", HTTP_ACCEPT="image/png"), 406)
    is_problem(asker.raw("petitions/", "title=a", "application/x-www-form-urlencoded"), 415)
    is_problem(asker.raw(f"petitions/{number}/attach/", "{}"), 415)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b"9" * 5_000,
        b'{"longitude": 1e999}',
        b'{"longitude": NaN}',
        '{"title": "\\ud800"}',
        b"null",
        b"[]",
        b'"words"',
    ],
    ids=lambda body: repr(body[:16]),
)
def test_what_is_no_json_object_is_refused(cast: Cast, body: bytes | str) -> None:
    is_problem(Asker(cast.operator).raw("petitions/", body), 400)


def test_a_body_that_is_too_large_is_not_read(cast: Cast) -> None:
    asker = Asker(cast.operator)
    is_problem(asker.raw("petitions/", json.dumps(the_call(content="长" * 3_000_000))), 413)
    assert not Petition.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": "题" * 81}, "title"),
        ({"content": ""}, "content"),
        ({"content": None}, "content"),
        ({"content": "很" * 4001}, "content"),
        ({"content": "行\x00"}, "content"),
        ({"place": "999999"}, "place"),
        ({"place": ["370783"]}, "place"),
        ({"item": "Z99"}, "item"),
        ({"nature": "angry"}, "nature"),
        ({"nature": {}}, "nature"),
        ({"channel": "TELEX"}, "channel"),
        ({"tags": ["unknown"]}, "tags"),
        ({"tags": "repeated"}, "tags"),
        ({"caller_phone": "12345"}, "caller_phone"),
        ({"caller_phone": ""}, "caller_phone"),
        ({"anonymous": "maybe"}, "anonymous"),
        ({"longitude": 400, "latitude": 36.8}, "longitude"),
        ({"longitude": "nan", "latitude": 36.8}, "longitude"),
        ({"longitude": 118.7}, ""),
        ({"submission": "no-uuid"}, "submission"),
        ({"next": "answer"}, "answer"),
        ({"next": "refuse", "reason": "已诉讼"}, "direction"),
    ],
)
def test_a_mistake_is_told_beside_its_field(cast: Cast, said: dict[str, Any], field: str) -> None:
    answer = Asker(cast.operator).post("petitions/", the_call(**said))
    assert any(name.split(".")[0] == field for name in fields(answer))
    assert not Petition.objects.exists()


@pytest.mark.parametrize(
    ("where", "grid"),
    [
        ({"longitude": 118.7115, "latitude": 36.8662, "address": "圣城街道向阳社区第2网格"}, "370783001901001"),
        ({"address": "圣城街道向阳社区第2网格"}, "370783001901002"),
        ({"longitude": 10.5 + 108, "latitude": 36.7, "address": "圣城街道向阳社区第2网格"}, "370783001901002"),
        ({"address": "向阳社区", "place": ""}, "还不足以认定网格，可能是向阳社区"),
        ({"address": "月亮上"}, "都认不出所属网格"),
        ({"address": ""}, "都认不出所属网格"),
    ],
)
def test_a_point_or_an_address_names_the_grid(cast: Cast, where: dict[str, Any], grid: str) -> None:
    call = {name: value for name, value in the_call().items() if name not in ("place", "address")} | where
    answer = Asker(cast.operator).post("petitions/", call)
    if answer.status_code == 201:
        assert answer.json()["place"]["code"] == grid
    else:
        assert fields(answer) == {"place"}
        assert grid in answer.content.decode()


def test_a_grid_worker_registers_in_her_grid_alone(cast: Cast) -> None:
    asker = Asker(cast.worker)
    assert fields(asker.post("petitions/", the_call(channel="GRID", place="370783001901002"))) == {"place"}
    answer = asker.post("petitions/", the_call(channel="GRID"))
    assert answer.json()["status"] == "received"


def test_three_answers_or_none(cast: Cast) -> None:
    petition = call(cast)
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher)
    workflow.sign(petition, by=cast.officer)
    workflow.contact(petition, by=cast.officer, manner="phone", reached=True, note="已说明")
    workflow.reply(petition, by=cast.officer, result="办好", basis="条例", assessment="solved")
    workflow.approve(petition, by=cast.head)
    workflow.pass_review(petition, by=cast.reviewer)
    address = f"petitions/{petition.number}/call_back/"
    assert fields(Asker(cast.caller).post(address, {"reached": True, "solved": "yes"})) == {"contacted", "satisfied"}
    assert fields(Asker(cast.caller).post(address, {"reached": "yesterday"})) == {"reached"}
    assert not petition.callbacks.exists()


@pytest.mark.parametrize("to", [10**30, -1, "x", None, [1], {"id": 1}, 1.5, True, "1\x00"])
def test_a_unit_that_is_none_gets_nothing(cast: Cast, to: Any) -> None:
    number = call(cast).number
    assert fields(Asker(cast.dispatcher).post(f"petitions/{number}/dispatch/", {"to": to})) == {"to"}


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "bm90aGluZw=="},
        {"cursor": "\x00"},
        {"facet": "everything"},
        {"since": "9999-99-99"},
        {"since": "0000-01-01"},
        {"unit": "9" * 40},
        {"q": "\x00"},
        {"place": "\x00"},
        {"item": "\x00"},
        {"status": "nowhere"},
    ],
)
def test_a_query_that_makes_no_sense_is_refused(cast: Cast, query: dict[str, str]) -> None:
    answer = Asker(cast.operator).get("petitions/", **query)
    assert fields(answer) == set(query)


@pytest.mark.parametrize(
    "query", [{"until": "9999-12-31"}, {"since": "0001-01-01"}, {"page_size": "9" * 5000}, {"q": "!"}]
)
def test_a_query_at_the_edge_of_sense_is_answered(cast: Cast, query: dict[str, str]) -> None:
    assert Asker(cast.operator).get("petitions/", **query).status_code == 200


def test_a_cursor_of_another_list_is_refused(cast: Cast) -> None:
    asker = Asker(cast.operator)
    cursor = asker.get("items/", page_size=1).json()["next"].split("cursor=")[1].split("&")[0]
    assert fields(asker.client.get(f"/api/v1/places/?cursor={cursor}")) == {"cursor"}


def test_headers_that_make_no_sense_are_refused(cast: Cast) -> None:
    asker = Asker(cast.operator)
    key = asker.post("petitions/", the_call(), HTTP_IDEMPOTENCY_KEY="k" * 201)
    assert fields(key) == {"Idempotency-Key"}
    two = asker.post("petitions/", the_call(submission=str(uuid4())), HTTP_IDEMPOTENCY_KEY=str(uuid4()))
    assert fields(two) == {"submission"}
    match = asker.post(f"petitions/{call(cast).number}/amend/", {"title": "改"}, HTTP_IF_MATCH="yesterday")
    assert fields(match) == {"If-Match"}


def test_somebody_elses_submission_is_not_shown(cast: Cast) -> None:
    said = the_call(submission=str(uuid4()))
    number = Asker(cast.operator).post("petitions/", said).json()["number"]
    answer = Asker(cast.worker).post("petitions/", said | {"channel": "GRID"})
    assert number not in json.dumps(is_problem(answer, 409))


@pytest.mark.parametrize(
    ("name", "content"),
    [("空.png", b""), ("病毒.exe", b"MZ"), ("假.png", b"%PDF-1.4"), ("大.png", b"\x89PNG" + bytes(11 << 20))],
)
def test_a_wrong_file_is_refused_by_name(cast: Cast, name: str, content: bytes) -> None:
    petition = call(cast)
    asker = Asker(cast.operator)
    address = f"/api/v1/petitions/{petition.number}/attach/"
    answer = asker.client.post(address, {"files": SimpleUploadedFile(name, content)})
    body = is_problem(answer, 400)
    assert name in body["detail"]
    assert not petition.attachments.exists()


# --- How often, and when we are at fault -------------------------------------------------------------------


def test_who_asks_too_often_is_told_when_to_come_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = lockout.Door("api-read", allowed=2, within=throttling.MINUTE, rest=throttling.MINUTE)
    monkeypatch.setattr(throttling, "READING", narrow)
    asker = Asker(cast.operator)
    assert [asker.get("channels/").status_code for _ in range(2)] == [200, 200]
    answer = asker.get("channels/")
    is_problem(answer, 429)
    assert 0 < int(answer["Retry-After"]) <= 60
    assert Asker(cast.dispatcher).get("channels/").status_code == 200


def test_our_own_fault_is_problem_json_too_and_tells_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*args: Any, **more: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("petitions.api.open_dossier", break_down)
    body = is_problem(Asker(cast.operator).get(f"petitions/{call(cast).number}/"), 500)
    assert "secret" not in json.dumps(body)


# --- Whatever comes ----------------------------------------------------------------------------------------

ANY_TEXT = st.text(st.characters(codec=None), max_size=30)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
Case = Callable[..., None]


@FUZZ
@given(said=st.dictionaries(st.sampled_from([*the_call(), "tags", "longitude", "latitude", "submission"]), ANYTHING))
def test_no_call_whatever_its_fields_breaks_the_api(cast: Cast, said: dict[str, Any]) -> None:
    answer = Asker(cast.operator).post("petitions/", the_call(**said))
    assert answer.status_code in {200, 201, 400}, (said, answer.content)


@FUZZ
@given(body=st.binary(max_size=60) | ANYTHING.map(lambda thing: json.dumps(thing).encode()))
def test_no_body_whatever_its_bytes_breaks_the_api(cast: Cast, body: bytes) -> None:
    is_problem(Asker(cast.operator).raw("petitions/", body), 400)


@FUZZ
@given(said=st.dictionaries(st.sampled_from(["to", "opinion", "version"]), ANYTHING))
def test_no_dispatch_whatever_its_fields_breaks_the_api(cast: Cast, said: dict[str, Any]) -> None:
    number = call(cast).number
    answer = Asker(cast.dispatcher).post(f"petitions/{number}/dispatch/", said)
    assert answer.status_code in {200, 400, 409}, (said, answer.content)
