"""The demo city's histories are what the verbs would have left: told again through the verbs, every row is the same."""

import io
import random
import uuid
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from PIL import Image

from accounts.models import Unit, User
from accounts.pictures import THUMB, thumb
from grids.models import HazardPhoto, Household, Item, Place, Posting, VisitClock
from petitions import clocks, workflow
from petitions.models import Clock, Petition, Publication
from petitions.photos import alike
from shouyang.demo import city, snapshots
from shouyang.demo.history import History

NOW = city.moment(date(2026, 11, 20))
AS_REGISTERED = (
    "channel_id nature item urgency tags title content wish address happened_at place "
    "caller_name caller_phone anonymous confidential"
)


def rows(petition: Petition, kind: str, leave_out: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    left_out = {"id", "petition_id", "clock_id", "after_id", "dispatch_id", *leave_out}
    found = [
        {key: value for key, value in row.items() if key not in left_out} for row in getattr(petition, kind).values()
    ]
    found = [row for row in found if not row.get("action", "").startswith("notice_")]  # answered when all was there
    for row in found:
        for numbered in ("notice", "number", "time"):  # told again, a supervision notice is another one
            row.get("detail", {}).pop(numbered, None)
    return sorted(found, key=lambda row: str(sorted(row.items(), key=str)))


def told_again(history: History) -> Petition:
    words = {name: getattr(history.petition, name) for name in AS_REGISTERED.split()}
    petition = Petition(**words, submission=uuid.uuid4())
    for verb, values in history.told:
        clocks.ring_due(values["at"])
        getattr(workflow, verb)(petition, **values)
    return petition


@pytest.mark.django_db
def test_a_sample_told_again_through_the_verbs_leaves_the_same_rows() -> None:
    histories = city.build(7, NOW, lambda words: None, total=150)
    sample = random.Random(7).sample(histories, 30)
    pairs = [(Petition.objects.get(pk=history.petition.pk), told_again(history)) for history in sample]
    clocks.ring_due(NOW)
    for seeded, again in pairs:
        again.refresh_from_db()
        for kind in ("events", "clocks", "dispatches", "returns", "callbacks"):
            assert rows(seeded, kind) == rows(again, kind), (seeded, kind)
        for name in (
            "status",
            "version",
            "unit_id",
            "contact_unit_id",
            "assisting",
            "redo_count",
            "happened_at",
            "concluded_at",
            "words",
            "caller_name",
            "caller_phone",
        ):
            assert getattr(seeded, name) == getattr(again, name), name


@pytest.mark.django_db
def test_the_same_seed_and_day_give_the_same_city() -> None:
    def told() -> list[Any]:
        with transaction.atomic():
            histories = city.build(11, NOW, lambda words: None, total=50)
            found = [
                (h.petition.number, h.petition.lookup_code, h.petition.title, h.petition.status, len(h.told))
                for h in histories
            ]
            transaction.set_rollback(True)
        return found

    assert told() == told()


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "attachments"
    return tmp_path / "attachments"


@pytest.mark.django_db
@pytest.mark.usefixtures("store")
def test_the_city_has_its_people_places_and_shortages() -> None:
    call_command("seed", "--petitions", "40", "--homes", "1", "--processes", "1", "--today", "2026-11-20", verbosity=0)
    assert [Place.objects.of_kind(kind).count() for kind in ("street", "community", "grid")] == [5, 36, 338]
    assert Item.objects.filter(in_grid=True).count() == 56
    assert not Item.objects.filter(lead=None, unsorted=False).exclude(lead_line="街道").exists()
    assert Unit.objects.filter(kind="state_company").count() == 13
    workers = Posting.objects.filter(duty="grid_worker")
    assert workers.values("user").distinct().count() == 300
    assert workers.values("place").distinct().count() == 338
    assert User.objects.get(username="officer").check_password("shouyang-demo-2026")
    assert Publication.objects.public().exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("store")
def test_seeding_twice_changes_nothing() -> None:
    call_command("seed", "--petitions", "30", "--homes", "1", "--processes", "1", "--today", "2026-11-20", verbosity=0)
    before = [model.objects.count() for model in (Petition, Clock, User, Household, VisitClock)]
    call_command("seed", "--petitions", "30", "--homes", "1", "--processes", "1", "--today", "2026-11-20", verbosity=0)
    assert [model.objects.count() for model in (Petition, Clock, User, Household, VisitClock)] == before
    assert before[-1] > before[-2] > 200


@pytest.mark.django_db
def test_a_few_hazards_of_the_cast_have_photos_that_were_drawn(store: Path) -> None:
    call_command("seed", "--petitions", "30", "--homes", "4", "--processes", "1", "--today", "2026-11-20", verbosity=0)
    photos = HazardPhoto.objects.select_related("event__hazard")
    assert {photo.event.action for photo in photos} == {"found", "solved"}
    shown = Counter(photo.event.hazard for photo in photos)
    assert set(shown.values()) == {2}
    assert 3 <= len(shown) <= snapshots.HAZARDS
    assert all(one.state in ("found", "solved") and one.place_id.startswith("370783001901") for one in shown)
    assert any(one.place_id == "370783001901001" for one in shown)
    for photo in photos:
        assert photo.likeness
        with photo.file.open() as kept:
            assert max(Image.open(io.BytesIO(thumb(kept))).size) == THUMB
    assert len([path for path in store.rglob("*") if path.is_file()]) == len(photos)
    for one in shown:
        before, after = (photo.likeness for photo in photos if photo.event.hazard_id == one.pk)
        assert not alike(before, after)
