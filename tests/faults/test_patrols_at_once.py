"""Several thumbs on one hazard, several sweeps over many, several directors over one list: each thing happens once."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from accounts.models import User
from accounts.notnow import NotNow
from grids import workflow as of_grids
from grids.models import Admission, CatalogueVersion, Hazard, HazardPhoto, PointMove
from grids.workflow import admitting, hazards, unphotographing
from petitions import workflow
from petitions.models import Origin, Petition
from tests.cast import MONDAY_TEN, Cast, hours
from tests.faults.crowd import at_once
from tests.grids.homes import door
from tests.grids.patrol import found, hazard
from tests.grids.test_catalogue import approved
from tests.grids.test_hazard_photos import shot

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT: dict[str, Any] = {"title": "楼道堆物", "content": "楼道里堆着纸箱。"}


def tried(key: UUID, one: Hazard, cast: Cast, solve: bool) -> str:
    mine, by = Hazard.objects.get(pk=one.pk), cast.people["worker"]
    try:
        if solve:
            done = hazards.solve(mine, after_words="清了", key=key, by=by, at=MONDAY_TEN, seen=one.version)
            return "solved" if done else "done before"
        sent = workflow.send_on(mine, title="堆物", content="楼道堆物", key=key, by=by, at=MONDAY_TEN, seen=one.version)
        return "sent on" if sent else "done before"
    except NotNow:
        return "too late"


def test_of_two_who_deal_with_it_one_is_late_and_the_same_press_is_done_once(cast: Cast) -> None:
    one, key = found(cast), uuid4()
    said = at_once(*[lambda: tried(key, one, cast, False)] * 3, *[lambda: tried(uuid4(), one, cast, True)] * 2)
    one.refresh_from_db()
    if one.state == Hazard.State.SOLVED:
        assert sorted(said).count("solved") == 1
        assert not Petition.objects.exists()
    else:
        assert said.count("sent on") == 1
        assert said.count("done before") == 2
        assert Origin.objects.get().hazard == one
    assert one.events.count() == 2


def test_the_same_finding_sent_by_an_impatient_thumb_is_one(cast: Cast) -> None:
    key, by = uuid4(), cast.worker

    def press() -> bool:
        return workflow.find_and_send_on(hazard(), **CONTENT, key=key, by=by, at=MONDAY_TEN) is not None

    assert sorted(at_once(*[press] * 4)) == [False, False, False, True]
    assert (Hazard.objects.count(), Petition.objects.count()) == (1, 1)


def test_several_sweeps_bring_each_hazard_up_once(cast: Cast) -> None:
    for _ in range(6):
        one = found(cast)
        petition = workflow.send_on(one, title="堆物", content="堆物", key=uuid4(), by=cast.worker, at=MONDAY_TEN)
        assert petition
        workflow.refuse(petition, by=cast.operator, reason="物业", direction="物业", at=MONDAY_TEN + hours(1))
    assert sum(at_once(*[workflow.conclude_hazards] * 3)) == 6
    assert all(one.events.filter(action="concluded").count() == 1 for one in Hazard.objects.all())


def test_of_directors_who_publish_at_once_one_does(cast: Cast) -> None:
    approved(cast)
    by = cast.reviewer

    def publish() -> str:
        try:
            return admitting.publish(note="示例", by=by, at=MONDAY_TEN).name
        except NotNow:
            return "too late"

    assert sorted(at_once(*[publish] * 3)) == ["too late", "too late", "v2026.1"]
    assert CatalogueVersion.objects.count() == 2
    assert Admission.objects.get().version == CatalogueVersion.objects.in_force()


def test_of_two_who_remove_the_last_evidence_at_once_one_is_refused(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    one = found(cast)
    hazards.solve(one, after_photos=[shot(True), shot(False)], key=uuid4(), by=cast.worker, at=MONDAY_TEN)

    def remove(photo: HazardPhoto, by: User) -> str:
        try:
            unphotographing.remove_photo(photo, why="拍到了人脸", key=uuid4(), by=by, at=MONDAY_TEN)
        except NotNow:
            return "too late"
        return "removed"

    first, second = HazardPhoto.objects.select_related("event")
    said = at_once(lambda: remove(first, cast.worker), lambda: remove(second, cast.secretary))
    assert sorted(said) == ["removed", "too late"]
    assert HazardPhoto.objects.standing().count() == 1


def test_of_two_lists_of_points_saved_at_once_one_is_checked_again(cast: Cast) -> None:
    building = door().building
    community = building.compound.community_id

    def save(east: float) -> str:
        try:
            by, points = cast.people["secretary"], {building.pk: (east, 36.87)}
            of_grids.pinpoint_all(community, points, seen=0, by=by, at=MONDAY_TEN)
        except NotNow:
            return "too late"
        return "saved"

    assert sorted(at_once(*[lambda east=east: save(east) for east in (118.71, 118.72, 118.73)])) == [
        "saved",
        "too late",
        "too late",
    ]
    assert PointMove.objects.count() == 1
