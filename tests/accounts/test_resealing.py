"""Keys are rotated while people work: everything stays readable and findable, and can be stopped at any row."""

import os
import time
from io import StringIO
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import resealing, sealing
from accounts.adapters import SecondFactorAdapter
from accounts.models import Channel
from accounts.sealing import fingerprint, version_of
from petitions.models import Draft, Petition
from tests.cast import Cast, call

PHONES = ("12000000001", "12000000002", "12000000003")


@pytest.fixture(autouse=True)
def key_file(settings: Settings, tmp_path: Path) -> Path:
    settings.SEALING_KEY_FILE = path = tmp_path / "sealing.key"
    sealing.create()
    return path


@pytest.fixture
def petitions(cast: Cast) -> list[Petition]:
    return [call(cast, caller_phone=phone) for phone in PHONES]


def reseal(*words: str) -> str:
    said = StringIO()
    call_command("reseal", *words, stdout=said)
    return said.getvalue()


def versions(table: str = "petitions_petition", column: str = "caller_phone") -> set[int | None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return {version_of(bytes(raw)) for (raw,) in cursor.fetchall()}


def marks() -> set[bytes]:
    return {bytes(mark or b"") for mark in Petition.objects.values_list("caller_fingerprint", flat=True)}


def settled(key_file: Path) -> None:
    """The newest key has been in use for two hours."""
    past = time.time() - 7200
    os.utime(key_file, (past, past))


def test_everything_comes_to_the_newest_keys_and_the_old_ones_go(petitions: list[Petition], key_file: Path) -> None:
    before = marks()
    sealing.rotate()
    assert "petitions.Petition：检查 3 行，重新加密 3 行；0 行" in reseal("--batch=2")
    assert versions() == versions(column="caller_name") == {2}
    assert marks() == {fingerprint(phone) for phone in PHONES}
    assert marks().isdisjoint(before)
    assert "重新加密 0 行" in reseal("petitions.Petition"), "what is done is left alone"
    settled(key_file)
    assert "已停用 1 个旧版密钥" in reseal("--retire")
    assert set(sealing.keyring().seals) == set(sealing.keyring().searches) == {2}
    assert [found.caller_phone for found in Petition.objects.order_by("pk")] == list(PHONES)


def test_a_caller_is_found_at_every_moment_of_a_rotation(petitions: list[Petition], cast: Cast) -> None:
    def found() -> list[int]:
        return [Petition.objects.from_phone(phone).count() for phone in PHONES]

    assert found() == [1, 1, 1]
    sealing.rotate()
    assert found() == [1, 1, 1]
    call(cast, caller_phone=PHONES[0])  # under the new key, while the old row waits
    assert found() == [2, 1, 1]
    run = resealing.reseal(Petition, 1)
    for _ in run:
        assert found() == [2, 1, 1]
    assert not Petition.objects.from_phone("").exists()


def test_a_run_that_was_stopped_goes_on_where_it_was(petitions: list[Petition]) -> None:
    sealing.rotate()
    run = resealing.reseal(Petition, 1)
    assert [next(run).rewritten for _ in range(3)] == [0, 1, 2]
    del run
    assert versions() == {1, 2}
    assert "检查 3 行，重新加密 1 行" in reseal("petitions.Petition")
    assert versions() == {2}


def test_a_fingerprint_left_behind_is_renewed(petitions: list[Petition]) -> None:
    """Made just before the rotation, beside words that were sealed just after it."""
    mark = fingerprint(PHONES[0])
    sealing.rotate()
    reseal()
    Petition.objects.filter(pk=petitions[0].pk).update(caller_fingerprint=mark)
    assert "重新加密 1 行" in reseal("petitions.Petition")
    assert marks() == {fingerprint(phone) for phone in PHONES}


def test_a_batch_costs_the_same_for_few_and_many(
    petitions: list[Petition], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sealing.rotate()
    with django_assert_num_queries(8):  # count, keys, look, open, lock, write, close, no more keys
        list(resealing.reseal(Petition, 500))
    with django_assert_num_queries(4):  # nothing old: nothing is locked
        list(resealing.reseal(Petition, 500))


def test_drafts_channels_and_second_factors_come_along(cast: Cast, key_file: Path) -> None:
    Channel.objects.create(name="群", kind="wecom", address="wecombot://a-key")
    sealed = SecondFactorAdapter().encrypt("JBSWY3DPEHPK3PXP")
    Authenticator.objects.create(user=cast.auditor, type=Authenticator.Type.TOTP, data={"secret": sealed})
    codes = RecoveryCodes.activate(cast.auditor).generate_codes()
    assert {Draft, Petition, Channel, Authenticator} <= set(resealing.sealed_models())
    sealing.rotate()
    assert "mfa.Authenticator：检查 2 行，重新加密 2 行" in reseal()
    assert versions("accounts_channel", "address") == {2}
    settled(key_file)
    reseal("--retire")
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert SecondFactorAdapter().decrypt(kept) == "JBSWY3DPEHPK3PXP"
    again = RecoveryCodes(Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES))
    assert again.generate_codes() == codes


def test_old_keys_stay_while_anything_may_need_them(
    petitions: list[Petition], key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealing.rotate()
    with pytest.raises(CommandError, match="不足 1 小时"):
        reseal("--retire")
    with pytest.raises(CommandError, match="全部"):
        reseal("petitions.Petition", "--retire")
    settled(key_file)
    with pytest.raises(CommandError, match="再运行一次"):
        reseal("--retire")
    with connection.cursor() as cursor:  # a value of a key that nobody has
        cursor.execute("UPDATE petitions_petition SET caller_name = %s WHERE id = %s", [b"\0\7" * 20, petitions[0].pk])
    with pytest.raises(CommandError, match="无法读取"):
        reseal("--retire")
    assert set(sealing.keyring().seals) == {1, 2}
    assert versions(column="caller_name") == {2, 7}, "its ciphertext is kept"


def test_a_model_without_secrets_is_refused() -> None:
    with pytest.raises(CommandError, match="没有加密字段"):
        reseal("accounts.Unit")
    assert apps.get_model("accounts.Unit") not in resealing.sealed_models()
