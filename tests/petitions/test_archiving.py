"""What ended a month ago is read-only, under a number that has no gap."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.notnow import NotNow
from petitions import tasks, workflow
from petitions.models import Petition, Status
from tests.cast import Cast
from tests.petitions.stages import AT, awaiting_callback, contacted, satisfied
from tests.petitions.test_termination import asked


def closed(cast: Cast) -> Petition:
    petition = awaiting_callback(cast)
    satisfied(petition, cast)
    return petition


def terminated(cast: Cast) -> Petition:
    petition = asked(cast)
    workflow.terminate(petition, by=cast.reviewer, note="证据充分", at=AT + timedelta(hours=3))
    return petition


def archived_at(at: datetime, *petitions: Petition) -> list[tuple[str, str]]:
    with time_machine.travel(at, tick=False):
        tasks.archive_concluded()
    for petition in petitions:
        petition.refresh_from_db()
    return [(petition.status, petition.archive_number) for petition in petitions]


@pytest.fixture(autouse=True)
def where_files_go(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_what_ended_is_archived_a_month_later_and_numbered(cast: Cast) -> None:
    first, second, open_still = terminated(cast), closed(cast), contacted(cast)
    assert archived_at(AT + timedelta(days=29), first) == [(Status.TERMINATED, "")]
    assert archived_at(AT + timedelta(days=32), first, second, open_still) == [
        (Status.ARCHIVED, "寿社治档〔2026〕1号"),
        (Status.ARCHIVED, "寿社治档〔2026〕2号"),
        (Status.IN_HAND, ""),
    ]
    archived_at(AT + timedelta(days=70))
    third = closed(cast)
    assert archived_at(AT + timedelta(days=71), third) == [(Status.ARCHIVED, "寿社治档〔2027〕1号")]


def test_an_archived_petition_tells_its_number_and_takes_no_verb(client: Client, cast: Cast) -> None:
    petition = closed(cast)
    archived_at(AT + timedelta(days=32), petition)
    client.force_login(cast.reviewer)
    for address in ("", "sheet/"):
        assert petition.archive_number in client.get(f"/petitions/{petition.number}/{address}").content.decode()
    assert "办理完毕，归档号" in client.get(f"/petitions/{petition.number}/").content.decode()
    with pytest.raises(NotNow):
        workflow.reopen(petition, by=None, note="又坏了", at=AT + timedelta(days=33))
