"""A resident sees something, reports it with her phone, follows it, and others read how it was done."""

import io
import uuid
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from petitions.models import Attachment, Petition, Publication
from tests.cast import XIANGYANG_1
from tests.journeys.conftest import Clock
from tests.journeys.doors import Resident, at_the_desk_of

BUREAU = "寿光市综合行政执法局"


def photo() -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.effect_noise((320, 240), 80).convert("RGB").save(made, "JPEG")
    return SimpleUploadedFile("人行道.jpg", made.getvalue(), "image/jpeg")


def test_from_a_photo_to_a_published_case(it_is: Clock, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    resident = Resident()
    assert "随手拍" in resident.reads("/public/")
    words = {
        "content": "店外摆桌子，人行道走不过去。我叫李小明。",
        "address": "圣城街道向阳社区第1网格",
        "files": [photo()],
    }
    received = resident.sends("/public/report/", submission=str(uuid.uuid4()), caller_phone="12000000002", **words)
    petition = Petition.objects.get()
    assert petition.number in received
    assert petition.lookup_code in received
    assert "最迟 11-16 12:00 答复是否受理" in received
    assert "已收到，等待受理" in resident.reads("/public/petition/")

    it_is("2026-11-16 10:30")
    operator = at_the_desk_of("operator")
    assert "<b>1</b>待受理" in operator.reads("/")
    file = Attachment.objects.get()
    seen = operator.sees(petition)
    assert "人行道.jpg" in seen
    assert "群众" in seen
    saved: Any = operator.client.get(f"/petitions/{petition.number}/files/{file.pk}/")
    assert Image.open(io.BytesIO(b"".join(saved.streaming_content))).size == (320, 240)
    operator.does("accept", petition, item="A02", place=XIANGYANG_1, nature="complaint", urgency="")

    it_is("2026-11-16 11:00")
    at_the_desk_of("dispatcher").does("dispatch", petition, to=BUREAU)
    assert "综合行政执法局办理" in resident.looks_up(petition)
    officer = at_the_desk_of("officer")
    officer.does("sign", petition)
    officer.does("contact", petition, manner="phone", reached="yes", note="已说明")
    officer.does("reply", petition, result="已劝退店外桌椅。", basis="市容条例", assessment="solved")
    at_the_desk_of("head").does("approve", petition)
    it_is("2026-11-16 14:30")
    at_the_desk_of("reviewer").does("pass_review", petition)
    resident.looks_up(petition)
    resident.says("rate", solved="yes", satisfied="very", contacted="yes", note="走得过去了")

    it_is("2026-11-18 09:00")
    reviewer = at_the_desk_of("reviewer")
    assert f"公开 {petition.number}" in reviewer.reads("/cases/")
    told = {"level": "full", "title": "人行道又能走了", "question": "店外摆桌子，人行道走不过去。"}
    assert reviewer.is_refused(f"/cases/{petition.number}/", answer="李小明先生很满意。", **told) == 422
    reviewer.sends(f"/cases/{petition.number}/", answer="已劝退店外桌椅，并安排夜间巡查。", **told)
    case = Publication.objects.get()
    assert "人行道又能走了" in Resident().reads("/public/cases/?q=人行道")
    assert "已劝退店外桌椅" in Resident().reads(f"/public/cases/{case.pk}/")
    assert "已公开为案例" in reviewer.sees(petition)

    reviewer.sends(f"/cases/{petition.number}/withdraw/", why="店家要求改写")
    assert Resident().is_refused(f"/public/cases/{case.pk}/") == 404
