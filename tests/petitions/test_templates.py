"""Ready words: whose they are, who may change them, and how they get into the form of an action."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from petitions import workflow
from petitions.models import Template
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call
from tests.petitions.stages import contacted

SAID = {
    "title": "已现场清理",
    "action": "reply",
    "item": "A02",
    "text": "已到场清理××处，当场恢复通行。",
    "whose": "mine",
}


def words(cast: Cast, **said: Any) -> Template:
    values: dict[str, Any] = {
        "action": "reply",
        "item": None,
        "title": "通用说明",
        "text": "已按规定办理××。",
        "owner": None,
        "unit": None,
        "by": cast.reviewer,
        "at": AT,
    } | said
    return workflow.write_template(**values)


@pytest.mark.parametrize("username", ["worker", "member", "leader", "auditor"])
def test_a_stranger_gets_nothing(cast: Cast, client: Client, username: str) -> None:
    template = words(cast)
    client.force_login(getattr(cast, username))
    for address in ("", "new/", f"{template.pk}/"):
        assert client.get(f"/templates/{address}").status_code == 404, address
    assert client.post(f"/templates/{template.pk}/end/").status_code == 404
    assert client.post("/templates/new/", SAID).status_code == 404


def test_each_sees_her_own_her_units_and_the_centres(cast: Cast) -> None:
    mine = words(cast, title="马的", owner=cast.officer, by=cast.officer)
    units = words(cast, title="局里的", unit=cast.bureau, by=cast.head)
    centres = words(cast)
    for username, seen in (
        ("officer", {mine, units, centres}),
        ("head", {units, centres}),
        ("housing", {centres}),
        ("operator", {centres}),
        ("member", set()),
    ):
        assert set(Template.objects.visible_to(getattr(cast, username))) == seen, username


def test_only_its_keepers_change_it(cast: Cast, client: Client) -> None:
    units, centres = words(cast, unit=cast.bureau, by=cast.head), words(cast)
    client.force_login(cast.officer)
    for one in (units, centres):
        assert client.get(f"/templates/{one.pk}/").status_code == 403
        assert client.post(f"/templates/{one.pk}/end/").status_code == 403
    with pytest.raises(PermissionDenied):
        words(cast, by=cast.officer)
    assert client.post("/templates/new/", SAID | {"whose": "centre"}).status_code == 422
    assert client.post("/templates/new/", SAID | {"text": ""}).status_code == 422
    assert client.post("/templates/new/", SAID).status_code == 302
    mine = Template.objects.get(owner=cast.officer)
    assert client.post(f"/templates/{mine.pk}/", SAID | {"title": "改了"}).status_code == 302
    client.force_login(cast.head)
    assert client.get(f"/templates/{mine.pk}/").status_code == 404
    assert client.post(f"/templates/{units.pk}/end/").status_code == 302
    assert client.post(f"/templates/{units.pk}/end/").status_code == 404


def test_chosen_words_go_behind_what_was_typed_and_nothing_is_sent(cast: Cast, client: Client) -> None:
    petition = contacted(cast)
    mine = words(cast, title="已清理", text="已到场清理。", owner=cast.officer, by=cast.officer)
    client.force_login(cast.officer)
    address = f"/petitions/{petition.number}/do/reply/"
    assert "已清理（我的）" in client.get(address).content.decode()
    typed = {"result": "上午去过。", "basis": "市容条例", "template": mine.pk, "insert": "1", "seen": petition.version}
    page = client.post(address, typed)
    assert page.status_code == 200
    assert "上午去过。\n已到场清理。" in page.content.decode()
    assert 'value="市容条例"' in page.content.decode()
    assert "field-error" not in page.content.decode()
    petition.refresh_from_db()
    assert petition.status == "in_hand"
    assert client.post(address, typed | {"template": "没有"}).status_code == 200
    assert client.post(address, typed, headers={"HX-Request": "true"}).status_code == 200


def test_words_of_another_item_or_action_are_not_offered(cast: Cast, client: Client) -> None:
    petition = call(cast)
    client.force_login(cast.reviewer)
    client.post("/templates/new/", SAID | {"title": "路灯的", "item": "A07", "action": "refuse", "whose": "centre"})
    client.post("/templates/new/", SAID | {"title": "占道的", "action": "refuse", "whose": "centre"})
    client.post("/templates/new/", SAID | {"title": "答复的", "action": "answer", "whose": "centre"})
    client.force_login(cast.operator)
    page = client.get(f"/petitions/{petition.number}/do/refuse/").content.decode()
    assert [f"{name}（全市通用）" in page for name in ("占道的", "路灯的", "答复的")] == [True, False, False]


def test_the_sheet_shows_each_what_she_may_see(cast: Cast, client: Client) -> None:
    petition = contacted(cast)
    client.force_login(cast.officer)
    page = client.get(f"/petitions/{petition.number}/sheet/").content.decode()
    for said in ("市民热线承办单", petition.number, "占道经营", "王**", "120****0001", "签名："):
        assert said in page, said
    assert "王秀英" not in page
    assert "12000000001" not in page
    client.force_login(cast.housing)
    assert client.get(f"/petitions/{petition.number}/sheet/").status_code == 404
