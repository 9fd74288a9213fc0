"""The pages of supervision: lists, one notice, its paper, the ladder on a date; and words that mean harm."""

import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from docx import Document

from petitions import ladders
from petitions.documents import docx_of
from petitions.models import Effect, Event, Rung, SupervisionNotice
from petitions.papers import letters, notices
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, hours
from tests.petitions.stages import in_hand
from tests.petitions.test_supervision import drafted, fed_back, first_notice, overdue

HOSTILE = "{{ 7*7 }}{% include '/etc/passwd' %}${7*7}<w:p/><script>alert(1)</script>&amp;"
UNSEEN = "\x00\x07\x1b\u202e\ufffe\ud800"


def text_of(file: io.BytesIO) -> str:
    document = Document(file)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def at_the_desk(client: Client, user: Any) -> Client:
    client.force_login(user)
    return client


def test_the_head_signs_and_feeds_back_in_the_browser_and_the_reviewer_clears(cast: Cast, client: Client) -> None:
    notice = first_notice(cast)
    page = f"/supervision/{notice.pk}/"
    head = at_the_desk(client, cast.head)
    assert "待签收的督办通知单" in head.get("/supervision/").content.decode()
    assert notice.title in head.get("/supervision/?facet=to_sign").content.decode()
    shown = head.get(page).content.decode()
    assert str(notice.number) in shown
    assert "签收" in shown
    head.post(f"{page}do/sign/", {"seen": notice.version})
    said = {"handler": "马俊峰", "measures": "驻点", "result": "已清理", "opinion": "同意"}
    empty = head.post(f"{page}do/feed_back/", {"seen": notice.version + 1})
    assert empty.status_code == 422
    assert "请填写办理措施" in empty.content.decode()
    stale = head.post(f"{page}do/feed_back/", said | {"seen": notice.version})
    assert stale.status_code == 409
    assert "驻点" in stale.content.decode(), "what was typed stays"
    head.post(f"{page}do/feed_back/", said | {"seen": notice.version + 1})
    reviewer = at_the_desk(client, cast.reviewer)
    assert notice.title in reviewer.get("/supervision/?facet=to_verify").content.decode()
    reviewer.post(f"{page}do/verify/", {"finding": "true", "note": "已看"})
    reviewer.post(f"{page}do/clear/", {"note": "销号"})
    notice.refresh_from_db()
    assert notice.state == "cleared"


def test_a_draft_goes_through_its_forms(cast: Cast, client: Client) -> None:
    petition = in_hand(cast)
    reviewer = at_the_desk(client, cast.reviewer)
    address = f"/petitions/{petition.number}/do/propose_supervision/"
    refused = reviewer.post(address, {"origin": "complex", "note": "", "further": "SG1"})
    assert refused.status_code == 422
    assert "没有这个编号的工单：SG1" in refused.content.decode()
    reviewer.post(address, {"origin": "complex", "note": "部门多", "seen": petition.version})
    notice = SupervisionNotice.objects.get()
    page = f"/supervision/{notice.pk}/"
    form = reviewer.get(f"{page}do/revise/").content.decode()
    assert "由单位主要负责人研究并明确承办人" in form
    for action in ("review", "issue"):
        reviewer.post(f"{page}do/{action}/", {"note": ""})
    notice.refresh_from_db()
    assert notice.number is not None
    assert at_the_desk(client, cast.head).get(page).status_code == 200


def test_a_stranger_finds_no_notice(cast: Cast, client: Client) -> None:
    notice = first_notice(cast)
    for who in (cast.worker, cast.operator, cast.member):
        at_the_desk(client, who)
        for address in ("", "print/", "docx/", "do/sign/"):
            assert client.get(f"/supervision/{notice.pk}/{address}").status_code == 404
    at_the_desk(client, cast.officer)
    assert client.get(f"/supervision/{notice.pk}/").status_code == 200
    assert client.get(f"/supervision/{notice.pk}/do/sign/").status_code == 403


def test_the_paper_has_the_fields_of_an_official_letter(cast: Cast, client: Client) -> None:
    notice = fed_back(cast)
    reviewer = at_the_desk(client, cast.reviewer)
    answer = reviewer.get(f"/supervision/{notice.pk}/docx/")
    file = io.BytesIO(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    words, printed = text_of(file), reviewer.get(f"/supervision/{notice.pk}/print/").content.decode()
    for said in (
        *(
            "000001",
            "寿社治督〔2026〕1号",
            "寿光市综合行政执法局：",
            "督办依据",
            "诉求摘要",
            "前期办理情况",
            "督办要求",
        ),
        *("完成时限", "抄送：市级分管领导，圣城街道办事处", "回执", "马俊峰", "桌椅已全部收回", "首次", "（印章）"),
        *("关于授权自动签发督办通知单的决定", notice.petition.number, "杨振华"),
    ):
        assert said in words, said
        assert said in printed, said
    section = Document(file).sections[0]
    lengths = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(length.mm) for length in lengths if length] == [210, 297, 37, 28]
    xml = zipfile.ZipFile(file).read("word/document.xml").decode()
    for font in ("方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"):
        assert f'w:eastAsia="{font}"' in xml
    assert "D90000" in xml


def test_hostile_words_stay_words(cast: Cast, client: Client) -> None:
    notice = drafted(cast)
    notices.revise(
        notice,
        by=cast.reviewer,
        title=f"关于{HOSTILE}的通知",
        digest=HOSTILE,
        requirements=[HOSTILE, "第二条"],
        contact=HOSTILE[:100],
        at=AT + hours(1.5),
    )
    notice.digest += UNSEEN  # had it come past the forms
    letter = letters.of(notice)
    words = text_of(docx_of(letter))
    assert HOSTILE in words
    assert "49" not in words.replace(HOSTILE, "")
    assert not set(UNSEEN) & set(words)
    at_the_desk(client, cast.reviewer)
    for address in ("", "print/"):
        page = client.get(f"/supervision/{notice.pk}/{address}").content.decode()
        assert "<script>alert" not in page
        assert "{{ 7*7 }}" in page


def test_control_characters_are_refused_beside_their_field(cast: Cast, client: Client) -> None:
    notice = first_notice(cast)
    notices.sign(notice, by=cast.head)
    head = at_the_desk(client, cast.head)
    said = {"handler": "马俊峰", "measures": "驻\x07点", "result": "已清理", "opinion": "同意"}
    answer = head.post(f"/supervision/{notice.pk}/do/feed_back/", said)
    assert answer.status_code == 422
    assert "看不见的控制字符" in answer.content.decode()


# --- The ladder on a date -------------------------------------------------------------------------------------


def test_the_ladder_is_tried_on_a_date_and_says_how_it_came_about(cast: Cast, client: Client) -> None:
    reviewer = at_the_desk(client, cast.reviewer)
    page = reviewer.get("/supervision/ladder/?promise_class=complaint&at=2026-09-28T10:00").content.decode()
    for said in ("书面督办", "二次书面督办", "现场督办", "报主要领导", "2026-10-09 10:00", "国庆节", "呈阅件"):
        assert said in page, said
    answer = reviewer.get("/supervision/ladder/?promise_class=nonsense&at=1")
    assert answer.status_code == 422
    assert "没有这个类别" in answer.content.decode()
    beyond = reviewer.get("/supervision/ladder/?promise_class=complaint&at=2099-09-28T10:00")
    assert "超出工作日历" in beyond.content.decode()


def test_what_is_tried_is_what_rings(cast: Cast) -> None:
    petition = overdue(cast, days=20)
    clock = petition.clocks.get(promise="resolve")
    tried = ladders.trial("complaint", clock.started_at)
    steps = next(ladder for ladder in tried.ladders if ladder.promise == "办结").steps
    rung = Event.objects.filter(clock=clock).order_by("at", "id")
    assert [step.label for step in steps] == [Effect(event.action).label for event in rung]


def test_a_class_may_do_without_a_step(cast: Cast) -> None:
    Rung.objects.create(
        promise_class="complaint",
        promise="resolve",
        side="after",
        amount=2,
        span="hour",
        effect="phone_urging",
        rings=False,
    )
    petition = overdue(cast, days=20)
    assert "phone_urging" not in petition.clocks.get(promise="resolve").effects
    assert "supervise" in petition.clocks.get(promise="resolve").effects


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"promise": "dispatch", "effect": "supervise", "side": "after"}, "针对承办单位"),
        ({"promise": "", "effect": "supervise", "side": "after"}, "针对承办单位"),
        ({"promise": "resolve", "effect": "supervise", "side": "before"}, "只能在到期后"),
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused(cast: Cast, client: Client, row: dict[str, str], said: str) -> None:
    admin = cast.admin
    admin.is_superuser = admin.is_staff = True
    admin.save()
    client.force_login(admin)
    sent = {"promise_class": "business", "amount": "1", "span": "working_day", "note": "", "rings": "on"} | row
    answer = client.post("/admin/petitions/rung/add/", sent)
    assert said in answer.content.decode()
