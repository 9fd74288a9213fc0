"""A little sum in words, for who reports often from one address: a person answers it, so does a screen reader's user.

It is bound to the form it stands in (`about`) and to half an hour, and its answer stands nowhere, not even sealed: the
signature is made with it. A form makes one petition, so an answer that was heard once is good for nothing more.
"""

import secrets
import unicodedata
from dataclasses import dataclass

from django.core.signing import BadSignature, TimestampSigner

NUMERALS = ("零", *"一二三四五六七八九", "十", *(f"十{ones}" for ones in "一二三四五六七八九"))
STANDS_FOR = 30 * 60  # seconds


@dataclass(frozen=True, slots=True)
class Riddle:
    question: str
    token: str


def ask(about: str) -> Riddle:
    """“七减三等于几？”: numbers up to eighteen, never below nothing."""
    one, other = 1 + secrets.randbelow(9), 1 + secrets.randbelow(9)
    if secrets.randbelow(2):
        return _riddle(f"{NUMERALS[one]}加{NUMERALS[other]}", one + other, about)
    most, least = max(one, other), min(one, other)
    return _riddle(f"{NUMERALS[most]}减{NUMERALS[least]}", most - least, about)


def again(token: str) -> Riddle:
    """The same question, for a form that is shown once more."""
    return Riddle(_question(token.partition(":")[0]), token)


def is_solved(token: str, said: str, about: str) -> bool:
    answer = _number(said)
    try:
        _signer(about, answer).unsign(token, max_age=STANDS_FOR)
    except BadSignature:
        return False
    return answer is not None


def _riddle(words: str, answer: int, about: str) -> Riddle:
    return Riddle(_question(words), _signer(about, answer).sign(words))


def _question(words: str) -> str:
    return f"{words}等于几？"


def _signer(about: str, answer: int | None) -> TimestampSigner:
    return TimestampSigner(salt=f"riddle {about} {answer}")


def _number(said: str) -> int | None:
    """“8”, “８”, “八”, “等于8。”"""
    plain = unicodedata.normalize("NFKC", said).strip(" 。.=").removeprefix("等于").strip()
    if plain.isascii() and plain.isdigit() and len(plain) < 4:
        return int(plain)
    return NUMERALS.index(plain) if plain in NUMERALS else None
