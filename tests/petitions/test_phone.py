"""The telephone rings on the operator's desk; nobody else can make it ring, and not twice."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Knock, User
from petitions import phone
from petitions.models import IncomingCall, Petition, PhoneEvent, PhoneSystem
from petitions.tasks import forget_calls
from tests.cast import Cast
from tests.petitions import forms
from tests.shouyang.asking import is_problem

SECRET = "k" * 32
HOOK = "/hooks/phone/"


@pytest.fixture
def exchange(cast: Cast) -> PhoneSystem:
    system = PhoneSystem.objects.create(code="pbx-1", name="话务平台", secret=SECRET)
    system.extensions.create(number="8001", user=cast.operator)
    return system


def send(system: PhoneSystem, body: bytes, *, late: int = 0, headers: dict[str, str] | None = None) -> Any:
    timestamp = str(int(timezone.now().timestamp()) - late)
    signed = {
        "X-Shouyang-System": system.code,
        "X-Shouyang-Timestamp": timestamp,
        "X-Shouyang-Signature": phone.signature(system, timestamp, body),
    }
    client = Client(raise_request_exception=False)
    return client.post(HOOK, body, content_type="application/json", headers=signed | (headers or {}))


def said(event: str = "ringing", **more: Any) -> bytes:
    told = {"event_id": f"e-{event}", "event": event, "call_id": "c-1", "at": timezone.now().isoformat()}
    ringing = {"number": "120-0000-5678", "extension": "8001"} if event == "ringing" else {}
    return json.dumps(told | ringing | more).encode()


def line(client: Client, **asked: str) -> Any:
    return client.get(reverse("petitions:calls"), asked, headers={"HX-Request": "true", "X-Unattended": "1"})


@pytest.mark.parametrize("digest", ["sm3", "sha256"])
def test_who_calls_is_on_the_desk_and_in_the_form_and_known_afterwards(
    client: Client, cast: Cast, exchange: PhoneSystem, digest: str
) -> None:
    PhoneSystem.objects.update(digest=digest)
    exchange.refresh_from_db()
    client.force_login(cast.operator)
    assert line(client).status_code == 204
    assert send(exchange, said()).status_code == 200
    shown = line(client).content.decode()
    call = IncomingCall.objects.get()
    assert "120****5678" in shown
    assert "12000005678" not in shown
    assert line(client, seen=str(call.pk)).status_code == 204

    page = client.get(f"/petitions/new/?call={call.pk}", follow=True)
    assert page.redirect_chain == [(f"/petitions/new/?draft={call.submission}", 302)]
    assert page.context["form"]["caller_phone"].value() == "12000005678"
    assert "是首次来电" in page.content.decode()
    assert line(client, open=str(call.submission)).status_code == 204  # its form is on the screen

    saved = forms.said(submission=str(call.submission), caller_phone="12000005678")
    client.post("/petitions/new/", saved)
    assert call.petition == Petition.objects.get()
    assert line(client).status_code == 204
    assert send(exchange, said("answered")).status_code == 200
    assert send(exchange, said("hangup", duration=75)).json() == {"call_id": "c-1", "seconds": 75}
    assert "打入，通话 1 分 15 秒" in client.get(f"/petitions/{call.petition.number}/").content.decode()


def test_a_call_is_seen_by_its_operator_alone(client: Client, cast: Cast, exchange: PhoneSystem) -> None:
    send(exchange, said())
    address = f"/petitions/new/?call={IncomingCall.objects.get().pk}"
    client.force_login(cast.dispatcher)
    assert line(client).status_code == 286
    assert client.get(address).status_code == 404
    assert client.get("/petitions/new/?call=nonsense").status_code == 404
    client.logout()
    assert line(client).status_code == 401
    assert IncomingCall.objects.of(cast.operator).count() == 1


def test_the_line_keeps_nobody_signed_in(client: Client, cast: Cast, exchange: PhoneSystem) -> None:
    client.force_login(cast.operator)
    line(client)
    assert "seen_at" not in client.session
    client.get("/petitions/new/")
    assert "seen_at" in client.session


def test_the_line_costs_one_question_beside_who_asks(
    client: Client, cast: Cast, exchange: PhoneSystem, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.operator)
    send(exchange, said())
    with django_assert_num_queries(4):  # her session, herself, her postings, the calls
        line(client)


def test_a_call_goes_on_to_another_agent(cast: Cast, exchange: PhoneSystem) -> None:
    other = User.objects.create(username="operator2", name="李晓")
    exchange.extensions.create(number="8002", user=other)
    assert is_problem(send(exchange, said(extension="8002")), 400)
    cast.operator.postings.get().__class__.objects.create(
        user=other, duty="operator", unit=cast.operator.postings.get().unit, place_id="370783", since="2020-01-01"
    )
    send(exchange, said())
    assert send(exchange, said(event_id="e-2", extension="8002")).status_code == 200
    assert IncomingCall.objects.get().operator == other


@pytest.mark.parametrize(
    ("number", "kept"), [("", ""), ("anonymous", ""), ("110", "110"), ("+86 536 5221234", "05365221234")]
)
def test_no_number_keeps_a_call_from_ringing(exchange: PhoneSystem, number: str, kept: str) -> None:
    assert send(exchange, said(number=number)).status_code == 200
    assert IncomingCall.objects.get().number == kept


def test_a_forged_call_rings_nowhere(exchange: PhoneSystem) -> None:
    body = said()
    other = PhoneSystem(code="pbx-1", secret="x" * 32)
    for answer in (
        send(other, body),
        send(exchange, body, headers={"X-Shouyang-Signature": ""}),
        send(exchange, body, headers={"X-Shouyang-Timestamp": "1"}),
        send(exchange, body, headers={"X-Shouyang-System": "pbx-2"}),
        send(exchange, body, headers={"X-Shouyang-System": "号"}),
        Client().post(HOOK, body, content_type="application/json"),
    ):
        assert "签名" in is_problem(answer, 401)["detail"]
    PhoneSystem.objects.update(active=False)
    is_problem(send(exchange, body), 401)
    assert not IncomingCall.objects.exists()


@pytest.mark.parametrize("late", [301, -302])
def test_a_late_call_is_refused(exchange: PhoneSystem, late: int) -> None:
    assert "时间戳" in is_problem(send(exchange, said(), late=late), 401)["detail"]


def test_a_repeated_event_is_heard_once(exchange: PhoneSystem) -> None:
    body = said()
    assert send(exchange, body).status_code == 200
    assert "已经收到过" in is_problem(send(exchange, body), 409)["detail"]
    send(exchange, said("hangup"))
    assert "已经挂断" in is_problem(send(exchange, said(event_id="e-9")), 409)["detail"]


def test_what_comes_out_of_turn_may_come_again(exchange: PhoneSystem) -> None:
    body = said("hangup")
    assert "振铃" in is_problem(send(exchange, body), 409)["detail"]
    send(exchange, said())
    assert send(exchange, body).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 5000,
        said("dance"),
        said(event_id=""),
        said(event_id="a b"),
        said(call_id="x" * 65),
        said(at="yesterday"),
        said(at="2020-01-01T00:00:00Z"),
        said(at="0001-01-01T00:00:00+14:00"),
        said(extension=""),
        said(extension="8099"),
        said(extension="", username="nobody\x00"),
        said("hangup", duration=-1),
        said("hangup", duration="long"),
    ],
    ids=count(),
)
def test_a_malformed_event_is_explained(exchange: PhoneSystem, body: bytes) -> None:
    is_problem(send(exchange, body), 400)
    assert not IncomingCall.objects.exists()
    assert not PhoneEvent.objects.exists()


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    told=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["event_id", "event", "call_id", "at", "number", "extension", "username", "duration"]),
                inner,
            )
        ),
        max_leaves=10,
    )
)
def test_whatever_is_signed_is_answered_with_a_problem(exchange: PhoneSystem, told: Any) -> None:
    Knock.objects.all().delete()
    is_problem(send(exchange, json.dumps(told).encode()), 400)


def test_the_key_is_sealed_and_never_shown_again(client: Client, cast: Cast, exchange: PhoneSystem) -> None:
    User.objects.filter(pk=cast.admin.pk).update(is_staff=True, is_superuser=True)
    client.force_login(cast.admin)
    address = reverse("admin:petitions_phonesystem_change", args=[exchange.pk])
    page = client.get(address)
    assert SECRET not in page.content.decode()
    sent = {"name": "新名称", "digest": "sha256", "active": "on", "new_secret": ""}
    sent |= {"extensions-TOTAL_FORMS": "0", "extensions-INITIAL_FORMS": "0"}
    assert client.post(address, sent).status_code == 302
    exchange.refresh_from_db()
    assert (exchange.name, exchange.secret) == ("新名称", SECRET)
    assert "至少" in client.post(address, sent | {"new_secret": "short"}).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM petitions_phonesystem")
        assert SECRET.encode() not in bytes(cursor.fetchone()[0])
    send(exchange, said())
    assert "120****5678" in client.get(reverse("admin:petitions_incomingcall_changelist")).content.decode()
    record = reverse("admin:petitions_incomingcall_change", args=[IncomingCall.objects.get().pk])
    assert "12000005678" not in client.get(record).content.decode()


def test_numbers_of_calls_that_became_nothing_are_forgotten(exchange: PhoneSystem) -> None:
    send(exchange, said())
    forget_calls()
    assert IncomingCall.objects.exists()
    IncomingCall.objects.update(rang_at=timezone.now() - timedelta(days=31))
    PhoneEvent.objects.update(received_at=timezone.now() - timedelta(days=2))
    forget_calls()
    assert not IncomingCall.objects.exists()
    assert not PhoneEvent.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_many_repetitions_at_once_one_is_heard(exchange: PhoneSystem) -> None:
    body = said()

    def once(_: int) -> int:
        try:
            return int(send(exchange, body).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(once, range(8))) == [200, *[409] * 7]
    assert IncomingCall.objects.count() == 1
