"""Bad input at the call form: a sentence beside the field, and what was typed is still there."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petitions.forms.register import CallForm
from petitions.models import Petition
from tests.cast import Cast
from tests.petitions.forms import FORM, said

BAD = [
    ("caller_phone", "", "请填写来电号码"),
    ("caller_phone", "12345", "服务短号"),
    ("caller_phone", "1381234567", "应为 11 位"),
    ("caller_phone", "打不通", "只能由数字组成"),
    ("content", None, "请填写诉求内容。"),
    ("content", "   ", "请填写诉求内容。"),
    ("content", "字" * 4001, "最多 4000 个字，现在有 4001 个"),
    ("content", "响\x00个不停", "第 2 个字符是看不见的控制字符（U+0000）"),
    ("content", "响\x07个不停", "U+0007"),
    ("content", "响\u202e个不停", "U+202E"),
    ("address", "街" * 121, "最多 120 个字"),
    ("caller_name", "王\x1b[31m", "U+001B"),
    ("title", "题" * 81, "最多 80 个字"),
    ("wish", "望" * 201, "最多 200 个字"),
    ("place", None, "请填写所属网格。"),
    ("place", "370783001901999", "没有找到这个网格或社区"),
    ("place", "社区", "对应多个网格或社区"),
    ("item", "Z99", "没有找到这个事项"),
    ("item", "", "请填写事项。"),
    ("nature", "quarrel", "没有这个选项"),
    ("urgency", "yesterday", "没有这个选项"),
    ("channel", "FAX", "没有这个选项"),
    ("tags", ["repeated", "invented"], "没有这个选项"),
    ("next", "burn", "没有这个选项"),
    ("direction", "去火星", "没有这个选项"),
    ("submission", "not-a-uuid", "表单已失效"),
]


@pytest.mark.parametrize(("field", "value", "sentence"), BAD)
def test_bad_words_are_answered_beside_their_field(operator: Client, field: str, value: Any, sentence: str) -> None:
    answer = operator.post(FORM, said(**{field: value}))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert any(sentence in error for error in form.errors[field]), form.errors
    assert sentence in answer.content.decode().replace("&quot;", '"')
    assert not Petition.objects.exists()


def test_what_was_typed_stays(operator: Client) -> None:
    page = operator.post(
        FORM, said(caller_phone="138", wish="快点修", tags=["elderly"], nature="complaint")
    ).content.decode()
    assert 'value="138"' in page
    assert "快点修" in page
    assert "向阳社区门口的路灯不亮" in page
    assert page.count("checked") >= 4  # nature, urgency, tag, next


def test_four_byte_characters_and_line_breaks_are_words(operator: Client) -> None:
    operator.post(FORM, said(content="路灯不亮😡\r\n已三天，𠮷祥小区", title="🚨路灯"))
    petition = Petition.objects.get()
    assert petition.content == "路灯不亮😡\n已三天，𠮷祥小区"
    assert petition.title == "🚨路灯"


def test_a_name_is_as_good_as_a_code(operator: Client) -> None:
    operator.post(FORM, said(place="向阳第1网格", item="路灯不亮、杆线倾斜"))
    petition = Petition.objects.get()
    assert (petition.place_id, petition.item.code) == ("370783001901001", "A07")


def test_the_offered_label_is_understood(operator: Client, cast: Cast) -> None:
    form = operator.get(FORM).content.decode()
    assert '<option value="圣城街道 向阳社区 向阳第1网格 370783001901001">' in form
    operator.post(FORM, said(place="圣城街道 向阳社区 向阳第1网格 370783001901001", item="A07 路灯不亮、杆线倾斜"))
    assert Petition.objects.get().place == cast.grid


def test_a_call_may_concern_a_whole_community(operator: Client) -> None:
    operator.post(FORM, said(place="向阳社区"))
    assert Petition.objects.get().place_id == "370783001901"


ANYTHING = st.text(alphabet=st.characters(exclude_categories=[]), max_size=300)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.fixed_dictionaries(
        {name: ANYTHING for name in CallForm.base_fields if name not in ("files", "tags")},
    ),
    tags=st.lists(ANYTHING, max_size=3),
)
def test_no_words_whatever_break_the_form(cast: Cast, words: dict[str, str], tags: list[str]) -> None:
    """Valid or refused with sentences; if valid, it can be stored."""
    form = CallForm({**words, "tags": tags}, user=cast.operator)
    if not form.is_valid():
        assert all(error for errors in form.errors.values() for error in errors)
        form.petition()  # half a form is good enough for proposals
        return
    form.petition().full_clean(exclude=["number", "lookup_code"])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=ANYTHING.filter(str.strip), name=ANYTHING, wish=ANYTHING)
def test_what_is_accepted_comes_back_unchanged(operator: Client, content: str, name: str, wish: str) -> None:
    answer = operator.post(
        FORM,
        said(
            content=content.encode("utf-8", "replace").decode(),
            caller_name=name.encode("utf-8", "replace").decode(),
            wish=wish.encode("utf-8", "replace").decode(),
        ),
    )
    assert answer.status_code in (302, 422)
    if answer.status_code == 302:
        stored = Petition.objects.latest("id")
        assert stored.content
        assert stored.registered_by is not None
