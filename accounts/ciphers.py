"""How sealed words and their fingerprints look, for whoever holds the keys: no settings, no files, no framework.

A sealed value is `key version (2 bytes) + nonce (12) + ciphertext + tag (16)`; the version is authenticated too.
"""

import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

VERSION, NONCE, TAG = 2, 12, 16  # bytes


@dataclass(frozen=True)
class Keyring:
    current: int
    seals: dict[int, bytes]
    searches: dict[int, bytes]  # a digest does not say which key made it: while several are here, search under all


def seal_many(words: Iterable[str], ring: Keyring) -> list[bytes]:
    listed = list(words)
    head, fresh = ring.current.to_bytes(VERSION, "big"), os.urandom(NONCE * len(listed))
    cipher = Cipher(algorithms.SM4(ring.seals[ring.current]), modes.GCM(bytes(NONCE)))
    nonces = (nonce for (nonce,) in struct.iter_unpack(f"{NONCE}s", fresh))
    return [
        _encrypt(cipher, head, nonce, one.encode()) if one else b"" for one, nonce in zip(listed, nonces, strict=True)
    ]


def unseal(raw: bytes, key: bytes) -> str:
    """Raises InvalidTag, when the value was altered or the key is another; ValueError, when it never was a value."""
    head, nonce = raw[:VERSION], raw[VERSION : VERSION + NONCE]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, raw[-TAG:])).decryptor()
    decryptor.authenticate_additional_data(head)
    return (decryptor.update(raw[VERSION + NONCE : -TAG]) + decryptor.finalize()).decode()


def fingerprint_many(words: Iterable[str], ring: Keyring) -> list[bytes]:
    """Under the newest search key."""
    begun = hmac.HMAC(ring.searches[max(ring.searches)], hashes.SM3())
    return [_finish(begun.copy(), one) if one else b"" for one in words]


def digest(words: str, key: bytes) -> bytes:
    return _finish(hmac.HMAC(key, hashes.SM3()), words)


def _finish(begun: hmac.HMAC, words: str) -> bytes:
    begun.update(words.encode())
    return begun.finalize()


def _encrypt(cipher: Cipher[modes.GCM], head: bytes, nonce: bytes, words: bytes) -> bytes:
    cipher.mode = modes.GCM(nonce)  # a cipher made anew for each value takes a fifth of all its time
    encryptor = cipher.encryptor()
    encryptor.authenticate_additional_data(head)
    return b"".join((head, nonce, encryptor.update(words), encryptor.finalize(), encryptor.tag))
