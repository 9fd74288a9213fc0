"""What is collected stands in the catalogue, each with its purpose; what must not be collected exists nowhere."""

import re
from typing import Any

from django.apps import apps
from django.test import Client

from grids.importing.columns import COLUMNS, FORBIDDEN
from grids.models import CollectedField
from tests.cast import Cast
from tests.house.sources import APPS

TECHNICAL = {"id", "version", "said", "walk", "illustrative", "merged_into"}
NOT_COLLECTED = re.compile("矫正|帮教|刑满|涉毒|吸毒|戒毒|精神障碍|邪教|宗教|信仰|指纹信息|人脸|血型|定位轨迹|征信")


def collected(subject: str) -> set[str]:
    fields = apps.get_model("grids", subject)._meta.concrete_fields
    return {field.name for field in fields if field.name not in TECHNICAL and not field.name.endswith("_fingerprint")}


def test_every_column_about_homes_stands_in_the_catalogue(db: Any) -> None:
    for subject in CollectedField.SUBJECTS:
        listed = set(CollectedField.objects.filter(subject=subject).values_list("name", flat=True))
        assert listed == collected(subject), subject
    assert not CollectedField.objects.filter(purpose="").exists()
    assert not CollectedField.objects.exclude(subject__in=CollectedField.SUBJECTS).exists()


def test_level_three_is_sealed(db: Any) -> None:
    """The colour is level 3 as a datum of many; it is worked with by every list, and masked to other desks whole."""
    for field in CollectedField.objects.filter(level=3).exclude(name__in=["colour", "resident"]):
        column = apps.get_model("grids", field.subject)._meta.get_field(field.name)
        assert type(column).__name__ == "SealedTextField", field


def test_what_is_not_collected_has_no_column_and_is_not_brought_in(db: Any) -> None:
    for model in (model for app in APPS for model in apps.get_app_config(app).get_models()):
        for field in model._meta.concrete_fields:
            words = f"{field.verbose_name} {[label for _, label in field.choices or ()]}"
            assert not NOT_COLLECTED.search(words), f"{model.__name__}.{field.name}"
    assert not [column for column in COLUMNS if any(map(FORBIDDEN.search, (column.label, *column.also)))]


def test_who_collects_and_who_audits_reads_the_catalogue(client: Client, cast: Cast) -> None:
    for name, status in {"worker": 200, "street": 200, "auditor": 200, "operator": 404, "member": 404}.items():
        client.force_login(getattr(cast, name))
        answer = client.get("/homes/fields/")
        assert answer.status_code == status, name
        assert status == 404 or "避免重复登记" in answer.content.decode()
