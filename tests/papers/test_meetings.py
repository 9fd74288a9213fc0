from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import Notice
from accounts.notnow import NotNow
from grids.models import CITY_CODE, Place
from petitions.models import Briefing, Event, Meeting, Petition, Ruling, Task, Topic
from petitions.papers import meetings, reviewing, ringing, topics, unsolved, years
from petitions.papers.assignments import Charge, accept, finish, progress, return_
from tests.cast import SHANGHAI, Cast, hours
from tests.papers.conftest import AT, Called


def charge(cast: Cast, **said: Any) -> Charge:
    words: dict[str, Any] = {"unit": cast.bureau, "due_at": AT + hours(24 * 7), "content": "划定夜市经营区"}
    return Charge(**words | said)


def test_meetings_are_numbered_each_kind_and_year_by_itself(called: Called) -> None:
    numbers = [called().number, called().number, called(Meeting.Kind.LEADING_GROUP).number]
    assert numbers == ["寿社治联〔2026〕1号", "寿社治联〔2026〕2号", "寿社治领〔2026〕1号"]


def test_only_the_centre_calls_a_joint_meeting(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        meetings.convene(Meeting(kind=Meeting.Kind.JOINT, convener=cast.leader), by=cast.head, at=AT)


def test_what_is_put_on_the_agenda_waits_no_longer_and_the_petition_tells(
    cast: Cast, called: Called, topic: Topic
) -> None:
    meeting = called()
    meetings.set_agenda(meeting, topics=[topic], by=cast.reviewer, at=AT + hours(3))
    topic.refresh_from_db()
    assert (topic.state, topic.meeting, topic.order) == (Topic.State.ON_AGENDA, meeting, 1)
    assert Event.objects.filter(petition=topic.petition, action="set_agenda", at=AT + hours(3)).exists()
    meetings.set_agenda(meeting, topics=[], by=cast.reviewer, at=AT + hours(4))
    topic.refresh_from_db()
    assert (topic.state, topic.meeting) == (Topic.State.WAITING, None)


def test_a_topic_is_on_one_agenda_alone(cast: Cast, called: Called, topic: Topic) -> None:
    topics.raise_matter(title="夜市选址", reason="要用地", level="joint", by=cast.leader, at=AT)
    meetings.set_agenda(called(), topics=[topic], by=cast.reviewer, at=AT + hours(3))
    with pytest.raises(NotNow, match="列入另一场会议"):
        meetings.set_agenda(called(), topics=[topic], by=cast.reviewer, at=AT + hours(3))


def test_a_unit_signs_for_itself_once(cast: Cast, called: Called, topic: Topic) -> None:
    meeting = called()
    meetings.invite(meeting, units=[cast.bureau], by=cast.reviewer, at=AT + hours(3))
    assert Notice.objects.filter(person=cast.head, title__startswith="参会通知").exists()
    meetings.sign_in(meeting, unit=cast.bureau, name="马俊峰", by=cast.officer, at=AT + hours(24))
    with pytest.raises(NotNow, match="都已签到"):
        meetings.sign_in(meeting, unit=cast.bureau, by=cast.head, at=AT + hours(24))
    with pytest.raises(PermissionDenied):
        meetings.sign_in(meeting, unit=cast.bureau, by=cast.liaison, at=AT + hours(24))


def test_a_decision_with_a_unit_and_a_date_is_a_task_at_once(cast: Cast, opened: Meeting, topic: Topic) -> None:
    meetings.decide(
        opened, content="划定夜市经营区", topic=topic, charge=charge(cast), by=cast.reviewer, at=AT + hours(25)
    )
    task = Task.objects.get()
    assert task.decision is not None
    assert task.decision.order == 1
    assert task.effects == ["yellow_card", "red_card"]
    assert task.ticks[1] == task.due_at == AT + hours(24 * 7)
    assert "综合行政执法局牵头" in Event.objects.get(petition=topic.petition, action="decide").note
    assert Notice.objects.filter(person=cast.officer, title__startswith="新的交办事项").exists()


def test_a_task_rings_before_and_when_it_falls_due_and_never_twice(cast: Cast, opened: Meeting, topic: Topic) -> None:
    meetings.decide(opened, content="划定", topic=topic, charge=charge(cast), by=cast.reviewer, at=AT + hours(25))
    task = Task.objects.get()
    assert ringing.ring_due(task.ticks[0]) == 1
    assert Notice.objects.filter(person=cast.officer, title__contains="即将到期").count() == 1
    assert ringing.ring_due(task.due_at) == 1
    assert ringing.ring_due(task.due_at) == 0
    told = Notice.objects.filter(title__contains="已逾期").values_list("person__username", flat=True)
    assert set(told) == {"head", "leader"}
    assert [e.at for e in task.events.filter(by=None)] == task.ticks


def test_a_finished_task_rings_no_more_until_it_is_sent_back(cast: Cast, opened: Meeting, topic: Topic) -> None:
    meetings.decide(opened, content="划定", topic=topic, charge=charge(cast), by=cast.reviewer, at=AT + hours(25))
    task = Task.objects.get()
    progress(task, text="已选址两处", by=cast.officer, at=AT + hours(30))
    finish(task, text="夜市已划定", by=cast.head, at=AT + hours(40))
    assert ringing.ring_due(task.due_at) == 0
    with pytest.raises(PermissionDenied):
        accept(task, by=cast.head, at=AT + hours(41))
    return_(task, text="没有划线", by=cast.leader, at=AT + hours(41))
    assert ringing.ring_due(AT + hours(24 * 8)) == 2
    finish(task, text="已划线", by=cast.head, at=AT + hours(24 * 8))
    accept(task, by=cast.leader, at=AT + hours(24 * 8))
    assert (task.state, task.accepted_by, task.is_overdue(AT + hours(24 * 30))) == (Task.State.DONE, cast.leader, True)


def test_the_minutes_send_back_what_was_not_heard(cast: Cast, opened: Meeting, topic: Topic) -> None:
    with pytest.raises(NotNow, match="没有议定事项"):
        meetings.issue(opened, by=cast.leader, at=AT + hours(26))
    meetings.decide(opened, content="下次再议", by=cast.reviewer, at=AT + hours(25))
    meetings.issue(opened, by=cast.leader, at=AT + hours(26))
    topic.refresh_from_db()
    assert (topic.state, topic.meeting) == (Topic.State.WAITING, None)
    assert opened.minuted_by == cast.leader


def test_nothing_goes_to_the_principal_leaders_before_the_meeting_has_failed(
    cast: Cast, opened: Meeting, topic: Topic
) -> None:
    meetings.decide(opened, content="划定", topic=topic, charge=charge(cast), by=cast.reviewer, at=AT + hours(25))
    meetings.issue(opened, by=cast.leader, at=AT + hours(26))
    with pytest.raises(NotNow, match="都在时限内"):
        meetings.report_up(opened, topic=topic, proposal="请批示", by=cast.reviewer, at=AT + hours(27))
    late = AT + hours(24 * 7 + 1)
    briefing = meetings.report_up(opened, topic=topic, proposal="请批示", by=cast.reviewer, at=late)
    assert (briefing.number, briefing.duty, briefing.topic) == ("寿社治呈〔2026〕1号", "principal_leader", topic)
    assert "至今未完成" in briefing.digest
    assert "王秀英" not in briefing.digest
    assert Notice.objects.filter(person=cast.principal, title__contains=briefing.number).exists()
    with pytest.raises(NotNow):
        meetings.report_up(opened, topic=topic, proposal="再报", by=cast.reviewer, at=late)
    assert Briefing.objects.count() == 1


def test_what_was_left_unsolved_may_be_reported_at_once(cast: Cast, opened: Meeting, topic: Topic) -> None:
    meetings.leave_unsolved(opened, topic=topic, note="两局意见不一", by=cast.reviewer, at=AT + hours(25))
    meetings.issue(opened, by=cast.leader, at=AT + hours(26))
    assert list(unsolved.of(opened, AT + hours(26))) == [topic]


def test_an_old_page_is_refused_with_a_sentence(cast: Cast, opened: Meeting, topic: Topic) -> None:
    seen = opened.version
    meetings.take_down(
        opened, minutes="各单位汇报", dissent="住建局保留意见", by=cast.reviewer, at=AT + hours(25), seen=seen
    )
    with pytest.raises(NotNow, match="刚刚被别人改过"):
        meetings.decide(opened, content="划定", by=cast.leader, at=AT + hours(25), seen=seen)


def test_who_was_not_asked_sees_no_meeting(cast: Cast, opened: Meeting) -> None:
    for person in (cast.reviewer, cast.leader, cast.principal, cast.officer, cast.head):
        assert opened in Meeting.objects.visible_to(person), person
    for person in (cast.member, cast.liaison, cast.worker, cast.street, cast.operator):
        assert opened not in Meeting.objects.visible_to(person), person


def test_a_topic_of_supervision_is_not_withdrawn_while_the_petition_is_open(cast: Cast, topic: Topic) -> None:
    Topic.objects.filter(pk=topic.pk).update(raised_by=None)
    with pytest.raises(NotNow, match="不能撤回"):
        topics.withdraw(topic, note="已经解决", by=cast.reviewer, at=AT + hours(2))


def test_the_years_count_meetings_topics_and_what_was_done(cast: Cast, opened: Meeting, topic: Topic) -> None:
    meetings.decide(opened, content="划定", topic=topic, charge=charge(cast), by=cast.reviewer, at=AT + hours(25))
    task = Task.objects.get()
    finish(task, text="完成", by=cast.head, at=AT + hours(26))
    accept(task, by=cast.leader, at=AT + hours(27))
    (year,) = years.counted()
    assert (year.year, year.meetings, year.topics, year.solved, year.decisions, year.done, year.overdue) == (
        *(2026, 1, 1, 1, 1, 1, 0),
    )


@pytest.mark.django_db(transaction=True)
def test_two_people_decide_at_once_and_one_is_told(cast: Cast, opened: Meeting) -> None:
    seen, outcomes, together = opened.version, [], Barrier(2)

    def decide(by: Any) -> None:
        meeting = Meeting.objects.get(pk=opened.pk)
        together.wait()
        try:
            meetings.decide(meeting, content="划定", by=by, at=AT + hours(25), seen=seen)
            outcomes.append("done")
        except NotNow as refused:
            outcomes.append(refused.sentence)
        finally:
            connection.close()

    threads = [Thread(target=decide, args=(person,)) for person in (cast.reviewer, cast.leader)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(one) > 10 for one in outcomes) == [False, True]
    assert opened.decisions.count() == 1
    assert Petition.objects.count() == 1


def minuted(opened: Meeting, topic: Topic, cast: Cast, *, review_on: date) -> Meeting:
    meetings.decide(opened, content="划定夜市经营区", topic=topic, by=cast.reviewer, at=AT + hours(25))
    meetings.take_down(opened, minutes="各单位汇报", next_review_on=review_on, by=cast.reviewer, at=AT + hours(25))
    meetings.issue(opened, by=cast.leader, at=AT + hours(26))
    return opened


def test_on_the_morning_of_its_review_date_those_who_called_and_prepared_it_are_told_once(
    cast: Cast, opened: Meeting, topic: Topic
) -> None:
    meeting = minuted(opened, topic, cast, review_on=date(2026, 11, 30))
    monday = datetime(2026, 11, 30, tzinfo=SHANGHAI)
    assert reviewing.remind(monday - hours(1)) == 0
    assert reviewing.remind(monday + hours(1)) == 0, "nobody is woken"
    assert reviewing.remind(monday + hours(9)) == 1
    assert reviewing.remind(monday + hours(10)) == 0
    told = Notice.objects.filter(title=f"会议到了复盘日：{meeting.number}")
    assert sorted(told.values_list("person__username", flat=True)) == ["leader", "reviewer"]
    assert meeting.events.filter(action="review_due").count() == 1
    meetings.review(meeting, note="划线过半", next_review_on=date(2026, 12, 5), by=cast.leader, at=monday + hours(11))
    saturday = datetime(2026, 12, 5, 9, tzinfo=SHANGHAI)
    assert reviewing.remind(saturday) == 0, "nobody works"
    assert reviewing.remind(saturday + timedelta(days=2)) == 1
    meetings.review(meeting, note="完成", by=cast.leader, at=saturday + timedelta(days=2))
    assert reviewing.remind(saturday + timedelta(days=30)) == 0


def test_a_decision_routes_the_next_one_by_itself(cast: Cast, opened: Meeting, topic: Topic) -> None:
    with pytest.raises(NotNow, match="还没有由诉求提请"):
        meetings.enter_ruling(opened, topic=topic, unit=cast.bureau, place=cast.grid, by=cast.reviewer, at=AT)
    meetings.decide(opened, content="夜市归执法局", topic=topic, by=cast.reviewer, at=AT + hours(25))
    city = Place.objects.get(code=CITY_CODE)
    meetings.enter_ruling(opened, topic=topic, unit=cast.bureau, place=city, by=cast.reviewer, at=AT + hours(26))
    ruling = Ruling.objects.get()
    assert (ruling.item, ruling.unit, ruling.petition) == (topic.petition.item, cast.bureau, topic.petition)  # type: ignore[union-attr]
    assert opened.number in ruling.basis
    with pytest.raises(PermissionDenied):
        meetings.enter_ruling(opened, topic=topic, unit=cast.bureau, place=city, by=cast.leader, at=AT + hours(27))


def test_a_task_that_cannot_be_rung_is_set_aside_told_and_wound_again(
    cast: Cast, opened: Meeting, topic: Topic
) -> None:
    for content in ("划定", "公示"):
        meetings.decide(opened, content=content, charge=charge(cast), by=cast.reviewer, at=AT + hours(25))
    broken, sound = Task.objects.order_by("pk")
    Task.objects.filter(pk=broken.pk).update(effects=[])
    assert ringing.ring_due(sound.due_at) == 2, "the sound one rings"
    assert Notice.objects.filter(person=cast.admin, title__contains="已搁置").exists()
    broken.refresh_from_db()
    assert broken.next_tick_at is None
    Task.objects.filter(pk=broken.pk).update(effects=sound.effects)
    assert ringing.rewind(Task.objects.all()) == 1
    assert ringing.ring_due(sound.due_at) == 2


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_ring_and_remind_once(cast: Cast, opened: Meeting) -> None:
    meetings.decide(opened, content="划定", charge=charge(cast), by=cast.reviewer, at=AT + hours(25))
    task, rung, together = Task.objects.get(), [], Barrier(2)
    Meeting.objects.update(state=Meeting.State.MINUTED, next_review_on=task.due_at.date())

    def sweep() -> None:
        together.wait()
        rung.append(ringing.ring_due(task.due_at))
        reviewing.remind(task.due_at + hours(12))
        connection.close()

    threads = [Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(rung) == 2
    assert [event.action for event in task.events.filter(by=None)] == ["yellow_card", "red_card"]
    assert opened.events.filter(action="review_due").count() == 1
