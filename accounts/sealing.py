"""Seal personal words with SM4-GCM and find them again by a keyed SM3 digest; the keys live outside the database."""

import fcntl
import json
import logging
import os
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts import ciphers
from accounts.ciphers import VERSION, Keyring
from accounts.notnow import NotNow

logger = logging.getLogger(__name__)

UNREADABLE = "（密钥缺失，无法显示）"


class NoKey(NotNow, ImproperlyConfigured):
    """Said where something would be sealed or searched for, and the key file is not there."""


class Unreadable(str):
    """What a reader sees when a key is lost; it carries the ciphertext, so that saving the row loses nothing."""

    raw: bytes

    def __new__(cls, raw: bytes) -> Self:
        marker = super().__new__(cls, UNREADABLE)
        marker.raw = raw
        return marker


def seal(words: str) -> bytes:
    return seal_many([words])[0] if words else b""


def unseal(raw: bytes) -> str:
    """The words, or an `Unreadable` marker when the key is missing or the value was altered; never an exception."""
    if not raw:
        return ""
    version = int.from_bytes(raw[:VERSION], "big")
    try:
        return ciphers.unseal(raw, _load(*_stamp()).seals[version])
    except (OSError, KeyError):
        logger.error("sealed value of key version %s cannot be read: the key is missing", version)
    except (InvalidTag, ValueError):
        logger.error("sealed value of key version %s cannot be read: wrong key or altered value", version)
    return Unreadable(raw)


def fingerprint(words: str) -> bytes:
    """32 bytes that are equal for equal words, to be stored for exact search; empty for nothing."""
    return next(iter(fingerprints(words)), b"")


def fingerprints(words: str) -> list[bytes]:
    """What a row of these words may have stored, newest key first: search for any of them. None for nothing, and for
    what cannot be read."""
    if not words or isinstance(words, Unreadable):
        return []
    keys = keyring().searches
    return [ciphers.digest(words, keys[version]) for version in sorted(keys, reverse=True)]


def seal_many(words: Iterable[str]) -> list[bytes]:
    """As `seal` for each, under the key of this moment: for loading, where looking for a newer key would cost more."""
    return ciphers.seal_many(words, keyring())


def fingerprint_many(words: Iterable[str]) -> list[bytes]:
    """As `fingerprint` for each, under the search key of this moment."""
    return ciphers.fingerprint_many(words, keyring())


def version_of(raw: bytes) -> int | None:
    return int.from_bytes(raw[:VERSION], "big") if raw else None


def keyring() -> Keyring:
    """The keys. Never made on the way: what older ones have sealed would be taken for theirs."""
    try:
        return _load(*_stamp())
    except FileNotFoundError:
        missing = f"密钥文件 {settings.SEALING_KEY_FILE} 不存在，个人信息无法加密，没有保存。"
        raise NoKey(missing + "请系统管理员恢复密钥备份；全新的门户运行 manage.py sealing_key 生成。") from None


def edition() -> int | None:
    """Another number whenever the keys change; None while there are none, or several under which a row may be found."""
    try:
        path, changed_ns = _stamp()
        return changed_ns if len(_load(path, changed_ns).searches) == 1 else None
    except OSError:
        return None


def create(version: int = 1) -> bool:
    """Make the first key unless there is one; False when it was there already. No row may be sealed under a key of
    this version."""

    def first(ring: Keyring | None) -> Keyring | None:
        fresh = Keyring(version, {version: secrets.token_bytes(16)}, {version: secrets.token_bytes(32)})
        return fresh if ring is None else None

    return _change(first) is not None


def rotate() -> int:
    """Add a key version, used from now on; older ones stay for reading and searching. Returns the new version."""

    def next_version(ring: Keyring | None) -> Keyring:
        if ring is None:
            raise ImproperlyConfigured("尚无密钥可轮换，请先运行 manage.py sealing_key。")
        version = max(ring.seals) + 1
        seals, searches = {version: secrets.token_bytes(16)}, {version: secrets.token_bytes(32)}
        return Keyring(version, ring.seals | seals, ring.searches | searches)

    rotated = _change(next_version)
    assert rotated is not None
    return rotated.current


def retire() -> int:
    """Drop all versions but the newest. Only after everything was resealed: what they sealed cannot be read again."""

    def newest(ring: Keyring | None) -> Keyring | None:
        if ring is None or len(ring.seals) == len(ring.searches) == 1:
            return None
        last = max(ring.searches)
        return Keyring(ring.current, {ring.current: ring.seals[ring.current]}, {last: ring.searches[last]})

    before = len(keyring().seals)
    return before - 1 if _change(newest) else 0


def in_use_since() -> datetime:
    """When the newest key came into use: a process that began earlier may still be sealing with an older one."""
    return datetime.fromtimestamp(settings.SEALING_KEY_FILE.stat().st_mtime, UTC)


def _stamp() -> tuple[Path, int]:
    # The file's moment is part of the cache key: a rotation is seen by every running process at its next use.
    path: Path = settings.SEALING_KEY_FILE
    return path, path.stat().st_mtime_ns


@lru_cache(maxsize=4)
def _load(path: Path, _changed_ns: int) -> Keyring:
    text = json.loads(path.read_text())
    seals = {int(version): bytes.fromhex(key) for version, key in text["seals"].items()}
    # The first files had one search key for all versions.
    searches = text.get("searches") or {min(seals): text["search"]}
    return Keyring(text["current"], seals, {int(version): bytes.fromhex(key) for version, key in searches.items()})


def _change(rule: Callable[[Keyring | None], Keyring | None]) -> Keyring | None:
    path: Path = settings.SEALING_KEY_FILE
    with _alone(path):
        changed = rule(_load(*_stamp()) if path.exists() else None)
        if changed is not None:
            _write(path, changed)
    return changed


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    # Two processes making or rotating at once would each drop the other's key, and what it sealed with it.
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write(path: Path, ring: Keyring) -> None:
    text = {
        "current": ring.current,
        "seals": {str(version): key.hex() for version, key in ring.seals.items()},
        "searches": {str(version): key.hex() for version, key in ring.searches.items()},
    }
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".sealing-")  # mode 600 from birth
    with os.fdopen(handle, "w") as file:
        json.dump(text, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)
