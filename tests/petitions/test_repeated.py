"""The same again and again within a few days is shown to the reviewer, and proposed as one notice."""

from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client

from petitions import workflow
from petitions.facets import FACETS
from petitions.models import Petition, SupervisionNotice
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours
from tests.petitions.stages import in_hand

NOW = AT + hours(2)


def listed(at: Any = NOW) -> set[Petition]:
    return set(Petition.objects.filter(FACETS["repeated"].where(at)))


def test_three_of_one_item_in_one_grid_within_a_week_stand_out(cast: Cast) -> None:
    first, second = in_hand(cast), call(cast)
    call(cast, item="A08", urgency="normal"), call(cast, place_id="370783001901002")
    call(cast, at=AT - timedelta(days=8))
    assert listed() == set()
    third = call(cast, at=AT + hours(1))
    assert listed() == {first, second, third}
    workflow.merge(third, into=first, by=cast.operator, at=NOW)
    assert listed() == {first, second}, "a caller who was merged counts, and is not listed"
    workflow.refuse(second, by=cast.operator, reason="已进入诉讼", direction="请向法院反映", at=NOW)
    assert listed() == set()
    assert listed(AT + timedelta(days=8)) == set()


def test_the_notice_is_proposed_about_all_of_them(client: Client, cast: Cast) -> None:
    petition, *others = in_hand(cast), call(cast), call(cast)
    client.force_login(cast.reviewer)
    address = f"/petitions/{petition.number}/do/propose_supervision/"
    with time_machine.travel(NOW, tick=False):
        page = client.get(address).content.decode()
        assert "7 日内同一网格同一事项已有 3 件，建议并案督办。" in page
        assert "、".join(one.number for one in others) in page
        said = {"origin": "repeated", "note": "7 日内 3 件", "further": "、".join(one.number for one in others)}
        assert client.post(address, said).status_code == 302
    notice = SupervisionNotice.objects.get()
    assert (notice.origin, set(notice.further.all())) == ("repeated", set(others))
    alone = in_hand(cast, item="A08", urgency="normal")
    with time_machine.travel(NOW, tick=False):
        page = client.get(f"/petitions/{alone.number}/do/propose_supervision/").content.decode()
    assert "建议并案督办" not in page
