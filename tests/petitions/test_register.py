"""An operator writes a call down: one form, nothing twice, and what she decides is done at once."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from petitions.models import Channel, Direction, Event, Petition, Status
from tests.cast import Cast, known
from tests.petitions.forms import FORM, said


def test_a_call_becomes_a_petition_that_waits_for_the_dispatcher(operator: Client, cast: Cast) -> None:
    answer = operator.post(FORM, said())
    petition = Petition.objects.get()
    assert answer["Location"] == f"{reverse('petitions:detail', args=[petition.number])}?registered"
    assert petition.status == Status.AWAITING_DISPATCH
    assert petition.registered_by == cast.operator
    assert petition.caller_phone == "12000000001"
    assert petition.urgency == petition.item.urgency
    assert petition.title == "向阳社区门口的路灯不亮，晚上走路看不见"
    assert petition.clocks.get().promise == "dispatch"


def test_the_caller_is_told_number_and_code(operator: Client) -> None:
    page = operator.post(FORM, said(), follow=True).content.decode()
    petition = Petition.objects.get()
    assert petition.number in page
    assert f"查询码 {petition.lookup_code}" in page


def test_only_who_took_the_call_is_told_so(operator: Client, cast: Cast) -> None:
    address = operator.post(FORM, said())["Location"]
    operator.force_login(cast.dispatcher)
    assert "请告知诉求人" not in operator.get(address).content.decode()


def test_the_form_opens_for_who_may_register(client: Client, cast: Cast) -> None:
    for name, status in (("operator", 200), ("dispatcher", 200), ("worker", 200), ("officer", 403), ("auditor", 403)):
        client.force_login(getattr(cast, name))
        assert client.get(FORM).status_code == status, name
        assert client.post("/petitions/new/hints/", said()).status_code == status, name


def test_a_direct_answer_ends_the_petition_and_cites_what_it_rests_on(operator: Client, cast: Cast) -> None:
    entry = known(cast)
    operator.post(FORM, said(next="answer", answer="已告知夜间报修电话。", cites=str(entry)))
    petition = Petition.objects.get()
    assert petition.status == Status.ANSWERED
    event = petition.events.get(action="answer")
    assert event.note == "已告知夜间报修电话。"
    assert event.detail["cites"] == {"entry": entry.pk, "title": entry.title}
    assert not petition.clocks.running().exists()


def test_a_refusal_is_registered_with_reason_and_direction(operator: Client) -> None:
    operator.post(FORM, said(next="refuse", reason="合同纠纷，已在诉讼中。", direction=Direction.COURT))
    petition = Petition.objects.get()
    assert petition.status == Status.REFUSED
    assert petition.events.get(action="refuse").detail["direction"] == Direction.COURT


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"next": "answer"}, "直接答复须写明答复内容。"),
        ({"next": "answer", "answer": "夜里会亮"}, "直接答复须引用一条在用的知识条目"),
        ({"next": "answer", "answer": "夜里会亮", "cites": "没有写过的"}, "没有这条在用的知识"),
        ({"next": "refuse", "direction": Direction.COURT}, "不予受理须写明理由。"),
        ({"next": "refuse", "reason": "已在诉讼中"}, "不予受理须告知去向。"),
    ],
)
def test_a_decision_without_its_words_is_not_saved(operator: Client, changes: dict[str, str], sentence: str) -> None:
    answer = operator.post(FORM, said(**changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Petition.objects.exists()


def test_what_a_grid_worker_reports_waits_to_be_accepted(client: Client, cast: Cast) -> None:
    client.force_login(cast.worker)
    client.post(FORM, said(channel="GRID", caller_phone="", caller_name="", next="answer", answer="自己办了"))
    petition = Petition.objects.get()
    assert petition.status == Status.RECEIVED
    assert petition.channel_id == "GRID"
    assert petition.clocks.get().promise == "accept"


def test_a_grid_worker_reports_from_the_own_grid_only(client: Client, cast: Cast) -> None:
    client.force_login(cast.worker)
    answer = client.post(FORM, said(channel="GRID", place="370783001901002"))
    assert "不在您负责的范围内" in answer.content.decode()
    answer = client.post(FORM, said(channel="12345"))
    assert "没有这个选项" in answer.content.decode()
    assert not Petition.objects.exists()


def test_an_anonymous_caller_leaves_no_trace(operator: Client) -> None:
    operator.post(FORM, said(anonymous="on"))
    petition = Petition.objects.get()
    assert (petition.caller_name, petition.caller_phone, petition.caller_fingerprint) == ("", "", None)
    assert petition.anonymous


def test_an_anonymous_caller_may_even_have_a_wrong_number(operator: Client) -> None:
    operator.post(FORM, said(anonymous="on", caller_phone="不肯说"))
    assert Petition.objects.get().caller_phone == ""


def test_urgency_may_be_overruled_and_shortens_the_promise(operator: Client) -> None:
    operator.post(FORM, said(urgency="critical"))
    petition = Petition.objects.get()
    assert petition.urgency == "critical"
    assert petition.clocks.get().promise_class == "critical"


def test_the_same_form_twice_makes_one_petition_and_shows_it(operator: Client) -> None:
    form = said()
    first, second = operator.post(FORM, form), operator.post(FORM, form)
    assert Petition.objects.count() == 1
    assert Event.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_the_same_form_with_other_words_loses_none_of_them(operator: Client) -> None:
    form = said()
    operator.post(FORM, form)
    answer = operator.post(FORM, form | {"content": "另一件事：楼道堆物。", "item": "B02"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "另一件事：楼道堆物。" in page
    fresh = answer.context["form"]["submission"].value()
    assert str(fresh) != form["submission"]
    operator.post(FORM, form | {"content": "另一件事：楼道堆物。", "item": "B02", "submission": fresh})
    assert Petition.objects.count() == 2


def test_somebody_elses_submission_does_not_show_her_petition(client: Client, cast: Cast) -> None:
    form = said()
    client.force_login(cast.operator)
    client.post(FORM, form)
    client.force_login(cast.dispatcher)
    answer = client.post(FORM, form)
    assert answer.status_code == 422
    assert "这张表已经登记过。如需另登记一件" in answer.content.decode()
    client.post(FORM, form | {"submission": answer.context["form"]["submission"].value()})
    assert Petition.objects.count() == 2


def test_a_channel_out_of_use_is_not_offered(operator: Client) -> None:
    Channel.objects.filter(code="SSP").update(active=False)
    assert 'value="SSP"' not in operator.get(FORM).content.decode()


def test_saving_takes_a_fixed_number_of_queries(
    operator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    operator.post(FORM, said())  # what is kept for half a minute has been read now
    with django_assert_num_queries(6) as asked:
        operator.post(FORM, said())
    # session, user, postings; savepoint of the test, number, petition, event, clock and draft in one, release
    assert sum("petitions_" in query["sql"] for query in asked.captured_queries) <= 2


def test_every_form_has_a_submission_of_its_own(operator: Client) -> None:
    submissions = {operator.get(f"{FORM}?fresh=1", follow=True).context["form"]["submission"].value() for _ in range(3)}
    assert len(submissions) == 3


@pytest.mark.django_db(transaction=True)
def test_only_the_number_is_taken_without_waiting_for_the_disk(operator: Client) -> None:
    """What follows on the same connection waits again; and so does the answer that tells the number."""
    with CaptureQueriesContext(connection) as asked:
        operator.post(FORM, said())
    taken = next(n for n, one in enumerate(asked.captured_queries) if "synchronous_commit" in one["sql"])
    assert "pg_logical_emit_message" in asked.captured_queries[taken + 1]["sql"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting = reset_val FROM pg_settings WHERE name = 'synchronous_commit'")
        assert cursor.fetchone() == (True,)
