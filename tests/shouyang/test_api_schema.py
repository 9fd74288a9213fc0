"""The schema tells the truth: it is valid, complete, and the API answers as it says whatever is sent."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks

from accounts.models import ApiKey
from grids.models import Duty, Posting
from petitions import workflow
from petitions.models import Petition
from petitions.rules import NOT_BUTTONS, RULES
from tests.cast import Cast, call
from tests.shouyang.asking import Asker

CHECKS = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
)


def test_the_schema_is_made_without_a_warning(db: None, tmp_path: Path) -> None:
    call_command("spectacular", fail_on_warn=True, validate=True, file=str(tmp_path / "schema.yml"))


def test_the_schema_knows_every_action_and_every_refusal(cast: Cast) -> None:
    schema = Asker(cast.operator).get("/api/schema/?format=json").json()
    for action in RULES.keys() - NOT_BUTTONS:
        operation = schema["paths"][f"/api/v1/petitions/{{number}}/{action}/"]["post"]
        assert operation["summary"] == RULES[action].label
        assert {"200", "400", "401", "403", "404", "409", "429", "500"} <= operation["responses"].keys()
    assert schema["components"]["securitySchemes"].keys() == {"apiKey", "cookieAuth"}


def test_the_reading_room_is_for_who_is_signed_in_and_has_nothing_inline(cast: Cast, client: Client) -> None:
    assert client.get("/api/docs/")["Location"].startswith("/account/login/")
    client.force_login(cast.operator)
    answer = client.get("/api/docs/")
    assert "unsafe" not in answer["Content-Security-Policy"]
    page = answer.content.decode()
    assert "<style" not in page
    assert page.count("<script") == page.count("<script src=")
    assert "//" not in page.replace("<!DOCTYPE html>", "").replace("http://testserver", "")
    script = client.get("/api/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")


@pytest.fixture
def everyone(cast: Cast) -> Any:
    """One account with every duty a verb asks for, so that the fuzzing gets past the door."""
    for duty in (Duty.DISPATCHER, Duty.REVIEWER, Duty.CALLER_BACK, Duty.RECEIVER, Duty.HANDLER, Duty.HEAD):
        Posting.objects.create(
            user=cast.operator, duty=duty, unit=cast.bureau, place_id="370783", since=date(2020, 1, 1)
        )
    return cast.operator


def petitions_in_every_state(cast: Cast) -> Iterator[Petition]:
    """The straight way, and at each step a petition that stays there."""
    steps: list[tuple[str, dict[str, Any]]] = [
        ("dispatch", {"to": cast.bureau, "by": cast.dispatcher}),
        ("sign", {"by": cast.officer}),
        ("contact", {"by": cast.officer, "manner": "phone", "reached": True, "note": "已说明"}),
        ("reply", {"by": cast.officer, "result": "办好", "basis": "条例", "assessment": "solved"}),
        ("approve", {"by": cast.head}),
        ("pass_review", {"by": cast.reviewer}),
        ("call_back", {"by": cast.caller, "contacted": True, "solved": "yes", "satisfied": "yes"}),
    ]
    for reached in range(len(steps) + 1):
        petition = call(cast)
        for verb, said in steps[:reached]:
            getattr(workflow, verb)(petition, **said)
        yield petition


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """A request outside Django's own test client would close the connection under the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.usefixtures("kept_connection")
def test_the_api_answers_as_its_schema_says_whatever_is_sent(cast: Cast, everyone: Any) -> None:
    of_status = {petition.status: petition.number for petition in petitions_in_every_state(cast)}
    _, secret = ApiKey.issue(everyone, "试探")
    key = {"Authorization": f"Bearer {secret}"}
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", WSGIHandler(), headers=key)
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        verb = operation.path.rstrip("/").rsplit("/", 1)[-1]
        sources = RULES[verb].sources if verb in RULES else tuple(of_status)
        numbers = [of_status[status] for status in sources if status in of_status] or list(of_status.values())
        _try(operation, numbers[-1], key)


def _try(operation: Any, number: str, key: dict[str, str]) -> None:
    @settings(
        max_examples=10, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None
    )
    @given(case=operation.as_strategy())
    def one(case: Any) -> None:
        if "number" in case.path_parameters:
            case.path_parameters["number"] = number
        with transaction.atomic():
            case.call_and_validate(headers=key, checks=CHECKS)
            transaction.set_rollback(True)

    one()
