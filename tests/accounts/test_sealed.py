"""Sealed columns: ciphertext in the database, words in Python, and nothing lost with a lost key."""

import json
import stat
import threading
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts import sealing
from accounts.sealing import UNREADABLE, Unreadable, fingerprint, fingerprints, seal, unseal, version_of
from petitions.models import Petition
from shouyang.management.commands import prepare
from tests.cast import Cast, call


@pytest.fixture
def key_file(settings: Settings, tmp_path: Path) -> Path:
    path = tmp_path / "sealing.key"
    settings.SEALING_KEY_FILE = path
    sealing.create()
    return path


def raw_name(petition: Petition) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT caller_name FROM petitions_petition WHERE id = %s", [petition.pk])
        return bytes(cursor.fetchone()[0])


@given(st.text())
def test_what_is_sealed_can_be_read_again(words: str) -> None:
    words = words.encode("utf-8", "ignore").decode()
    assert unseal(seal(words)) == words


def test_equal_words_are_sealed_differently_and_found_equally(key_file: Path) -> None:
    assert seal("王秀英") != seal("王秀英")
    assert fingerprint("13812345678") == fingerprint("13812345678") != fingerprint("13812345679")
    assert len(fingerprint("x")) == 32
    assert fingerprint("") == seal("") == b""


@pytest.mark.parametrize("place", [0, 1, 2, 10, 14, -1, -17])
def test_an_altered_value_is_not_believed(key_file: Path, place: int, caplog: pytest.LogCaptureFixture) -> None:
    raw = bytearray(seal("王秀英"))
    raw[place] ^= 1
    assert unseal(bytes(raw)) == UNREADABLE
    assert "王秀英" not in caplog.text


def test_a_cut_value_is_not_believed(key_file: Path) -> None:
    raw = seal("王秀英")
    for length in range(1, len(raw)):
        assert unseal(raw[:length]) == UNREADABLE


def test_after_a_rotation_old_and_new_can_be_read_and_searched(key_file: Path) -> None:
    old, mark = seal("王秀英"), fingerprint("13812345678")
    assert sealing.rotate() == 2
    new = seal("王秀英")
    assert (version_of(old), version_of(new)) == (1, 2)
    assert unseal(old) == unseal(new) == "王秀英"
    assert fingerprints("13812345678") == [fingerprint("13812345678"), mark]
    assert fingerprint("13812345678") != mark


def test_a_key_file_of_the_first_days_is_read(key_file: Path) -> None:
    old, mark = seal("王秀英"), fingerprint("13812345678")
    text = json.loads(key_file.read_text())
    key_file.write_text(json.dumps(text | {"search": text.pop("searches")["1"]}))
    assert (unseal(old), fingerprint("13812345678")) == ("王秀英", mark)
    sealing.rotate()
    assert mark in fingerprints("13812345678")


def test_the_key_file_is_for_its_owner_only(key_file: Path, db: None) -> None:
    key_file.unlink()
    call_command("sealing_key", stdout=StringIO())
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    before = key_file.read_bytes()
    call_command("sealing_key", stdout=StringIO())
    assert key_file.read_bytes() == before, "a second run changes nothing"
    call_command("sealing_key", "--rotate", stdout=StringIO())
    assert set(json.loads(key_file.read_text())["seals"]) == {"1", "2"}
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_two_processes_that_make_the_first_key_make_one(key_file: Path) -> None:
    key_file.unlink()
    made: list[bool] = []
    threads = [threading.Thread(target=lambda: made.append(sealing.create())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False] * 7 + [True]


@pytest.mark.parametrize("demo", [True, False])
def test_without_a_key_nothing_is_sealed_and_none_is_made(key_file: Path, settings: Settings, demo: bool) -> None:
    settings.DEMO = demo
    key_file.unlink()
    with pytest.raises(ImproperlyConfigured, match="sealing_key"):
        seal("王秀英")
    assert not key_file.exists()


def test_preparing_again_makes_no_key_beside_what_a_lost_one_has_sealed(cast: Cast, key_file: Path) -> None:
    petition, backup = call(cast), key_file.read_bytes()
    key_file.unlink()
    said = StringIO()
    prepare.Command(stdout=said).make_key()
    assert "恢复密钥备份" in said.getvalue()
    with pytest.raises(CommandError, match="不要另造"):
        call_command("sealing_key")
    assert not key_file.exists()
    call_command("sealing_key", "--lost", stdout=StringIO())
    assert version_of(seal("王秀英")) == 2, "what is sealed from now on is never taken for the lost key's"
    key_file.write_bytes(backup)
    assert Petition.objects.get(pk=petition.pk).caller_name == "王秀英"


def test_an_empty_portal_is_given_its_first_key(db: None, key_file: Path) -> None:
    key_file.unlink()
    prepare.Command().make_key()
    assert set(sealing.keyring().seals) == {1}


def test_the_column_holds_no_words(cast: Cast) -> None:
    petition = call(cast)
    assert "王秀英".encode() not in raw_name(petition)
    assert Petition.objects.get(pk=petition.pk).caller_name == "王秀英"


def test_a_lost_key_shows_a_sentence_and_loses_nothing(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    petition, key = call(cast), settings.SEALING_KEY_FILE
    kept = raw_name(petition)
    settings.SEALING_KEY_FILE = tmp_path / "lost.key"
    found = Petition.objects.get(pk=petition.pk)
    assert isinstance(found.caller_name, Unreadable)
    assert str(found.caller_name) == UNREADABLE
    found.title = "店外经营"
    found.save()
    assert raw_name(petition) == kept
    settings.SEALING_KEY_FILE = key
    assert Petition.objects.get(pk=petition.pk).caller_name == "王秀英"


def test_the_sentence_is_never_stored_as_a_name(cast: Cast) -> None:
    petition = call(cast)
    petition.caller_name = UNREADABLE  # as a form would hand it back
    with pytest.raises(ValueError, match="marker"):
        petition.save()


def test_a_sealed_column_cannot_be_compared_by_mistake(db: None) -> None:
    with pytest.raises(FieldError, match="Unsupported lookup"):
        Petition.objects.filter(caller_name="王秀英").exists()
    with pytest.raises(FieldError):
        Petition.objects.filter(caller_name__contains="王").exists()


def test_many_are_sealed_and_found_as_one_is(key_file: Path) -> None:
    words = ["王秀英", "", "12000000001"]
    assert [unseal(raw) for raw in sealing.seal_many(words)] == words
    sealing.rotate()
    assert sealing.fingerprint_many(words) == [fingerprint(one) for one in words]
    assert version_of(sealing.seal_many(words)[0]) == 2
