"""The desk's upkeep over the API: the same forms, verbs and rights as on its pages."""

from typing import Any

import pytest

from petitions import workflow
from petitions.models import Entry, Handover, Status, Template
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours, known
from tests.shouyang.asking import Asker, is_problem

ENTRY: dict[str, Any] = {
    "title": "养犬登记在哪里办",
    "text": "到居住地派出所办理，带身份证和免疫证。",
    "items": ["A07", "A02"],
    "source": "养犬管理规定（示例）",
    "valid_from": "2026-01-01",
}
TEMPLATE = {"title": "路灯已修", "action": "reply", "item": "A07", "text": "××路灯已修复。", "whose": "mine"}


def results(answer: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def test_an_entry_is_written_checked_by_another_cited_worded_anew_and_ended(cast: Cast) -> None:
    writer, checker, operator = Asker(cast.dispatcher), Asker(cast.reviewer), Asker(cast.operator)
    written = writer.post("knowledge/", ENTRY)
    assert written.status_code == 201
    entry = written.json()
    assert ([item["code"] for item in entry["items"]], entry["in_force"]) == (["A02", "A07"], False)
    assert results(operator.get("knowledge/")) == []
    assert [row["id"] for row in results(operator.get("knowledge/", tab="unchecked"))] == [entry["id"]]
    assert checker.post(f"knowledge/{entry['id']}/check/").json()["checked_by"] == "陈国栋"
    is_problem(checker.post(f"knowledge/{entry['id']}/check/"), 409)
    for query in ({"q": "养犬"}, {"item": "A07"}):
        assert [row["title"] for row in results(operator.get("knowledge/", **query))] == [ENTRY["title"]]
    assert results(operator.get("knowledge/", q="路灯")) == []
    again = writer.post(f"knowledge/{entry['id']}/rewrite/", ENTRY | {"text": "可在网上办理。"})
    assert (again.status_code, again.json()["replaces"]) == (201, entry["id"])
    ended = writer.post(f"knowledge/{entry['id']}/end/", {"why": "规定已废止"})
    assert ended.json()["ended_why"] == "规定已废止"


def test_an_entry_has_its_rights(cast: Cast) -> None:
    entry = known(cast)
    own = Asker(cast.reviewer).post("knowledge/", ENTRY).json()["id"]
    assert "拟稿人不能核对" in is_problem(Asker(cast.reviewer).post(f"knowledge/{own}/check/"), 409)["detail"]
    is_problem(Asker(cast.operator).post("knowledge/", ENTRY), 403)
    is_problem(Asker(cast.operator).post(f"knowledge/{entry.pk}/end/", {"why": "不要了"}), 403)
    for stranger in (cast.officer, cast.worker, cast.member):
        assert results(Asker(stranger).get("knowledge/")) == []
        is_problem(Asker(stranger).get(f"knowledge/{entry.pk}/"), 404)
        is_problem(Asker(stranger).post(f"knowledge/{entry.pk}/check/"), 404)
        is_problem(Asker(stranger).post("knowledge/", ENTRY), 403)
    wrong = is_problem(Asker(cast.dispatcher).post("knowledge/", ENTRY | {"items": ["ZZZ"], "title": ""}), 400)
    assert {line["field"] for line in wrong["errors"]} == {"title"}
    wrong = is_problem(Asker(cast.dispatcher).post("knowledge/", ENTRY | {"items": ["没有的事"]}), 400)
    assert wrong["errors"] == [{"field": "items", "detail": "没有找到这个事项，请从列表中选择，或填写编码。"}]


def test_ready_words_are_kept_by_whom_they_belong_to(cast: Cast) -> None:
    officer, head = Asker(cast.officer), Asker(cast.head)
    mine = officer.post("templates/", TEMPLATE)
    assert (mine.status_code, mine.json()["whose"]) == (201, "我的")
    is_problem(officer.post("templates/", TEMPLATE | {"whose": str(cast.bureau.pk)}), 400)
    ours = head.post("templates/", TEMPLATE | {"whose": str(cast.bureau.pk), "title": "通用"}).json()
    assert ours["unit"] == {"id": cast.bureau.pk, "name": cast.bureau.name}
    assert {row["id"] for row in results(officer.get("templates/", action="reply"))} == {mine.json()["id"], ours["id"]}
    assert results(officer.get("templates/", action="answer")) == []
    is_problem(officer.post(f"templates/{ours['id']}/end/"), 403)
    is_problem(head.get(f"templates/{mine.json()['id']}/"), 404)
    changed = officer.post(f"templates/{mine.json()['id']}/rewrite/", TEMPLATE | {"text": "已修好。"})
    assert (changed.json()["id"], changed.json()["text"]) == (mine.json()["id"], "已修好。")
    assert officer.post(f"templates/{mine.json()['id']}/end/").status_code == 204
    assert Template.objects.get(pk=mine.json()["id"]).ended_at
    is_problem(Asker(cast.member).post("templates/", TEMPLATE), 403)


def test_one_shift_hands_over_to_the_next(cast: Cast) -> None:
    petition = call(cast)
    said = {"on": "2026-11-16", "shift": "day", "text": "这件要盯", "petitions": [petition.number]}
    operator, dispatcher = Asker(cast.operator), Asker(cast.dispatcher)
    note = operator.post("handovers/", said)
    assert (note.status_code, note.json()["petitions"]) == (201, [petition.number])
    is_problem(operator.post("handovers/", said), 409)
    is_problem(operator.post("handovers/", said | {"shift": "night", "petitions": ["SG2026111699999"]}), 400)
    address = f"handovers/{note.json()['id']}/take/"
    is_problem(operator.post(address), 409)
    assert dispatcher.post(address).json()["read_by"] == "刘志远"
    is_problem(Asker(cast.reviewer).post(address), 403)
    is_problem(Asker(cast.officer).post(address), 404)
    assert results(Asker(cast.officer).get("handovers/")) == []
    assert len(results(Asker(cast.auditor).get("handovers/"))) == Handover.objects.count() == 1


def test_several_go_to_one_unit_and_each_is_answered(cast: Cast) -> None:
    first, second, gone = (call(cast) for _ in range(3))
    workflow.refuse(gone, by=cast.operator, reason="已进入诉讼", direction="请向法院反映", at=AT + hours(1))
    said = {
        "to": cast.bureau.pk,
        "petitions": [{"number": first.number}, {"number": second.number, "version": 99}, {"number": gone.number}],
    }
    dispatcher = Asker(cast.dispatcher)
    tried = dispatcher.post("petitions/dispatch/", said | {"dry_run": True}).json()
    assert [line["goes"] for line in tried] == [True, True, False]
    first.refresh_from_db()
    assert first.status == Status.AWAITING_DISPATCH
    done = dispatcher.post("petitions/dispatch/", said).json()
    assert [(line["number"], line["goes"]) for line in done] == [
        (first.number, True),
        (second.number, False),
        (gone.number, False),
    ]
    assert "刚刚被别人处理过" in done[1]["said"]
    first.refresh_from_db()
    assert (first.status, first.unit) == (Status.AWAITING_SIGN, cast.bureau)
    is_problem(dispatcher.post("petitions/dispatch/", said | {"petitions": []}), 400)
    is_problem(dispatcher.post("petitions/dispatch/", said | {"petitions": [{"number": "SG1"}]}), 400)
    for stranger in (cast.operator, cast.officer):
        is_problem(Asker(stranger).post("petitions/dispatch/", said), 403)


@pytest.mark.parametrize("path", ["knowledge/", "templates/", "handovers/"])
def test_a_list_asks_no_more_for_more_rows(cast: Cast, path: str, django_assert_max_num_queries: Any) -> None:
    for n in range(4):
        known(cast, title=f"第{n}条")
        Asker(cast.dispatcher).post("templates/", TEMPLATE | {"title": f"第{n}条"})
        Handover.objects.create(on=f"2026-11-{10 + n}", shift="day", text="无", written_at=AT, written_by=cast.operator)
    assert Entry.objects.count() == 4
    asker = Asker(cast.dispatcher)
    with django_assert_max_num_queries(6):
        assert len(results(asker.get(path))) == 4
