"""A form read in one go says what Django's own reading says, whatever stands in it."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client, override_settings
from hypothesis import given
from hypothesis import strategies as st

from shouyang.form_body import said_in

PIECES = st.sampled_from(
    ["a", "=", "&", "+", "%", "%26", "%3D", "%2B", "%25", "%E8%B7%AF", "%e7%81%af", "%4", "%zz", "路", ";"]
)


@given(st.lists(st.tuples(st.text(), st.text()), max_size=12))
def test_what_a_browser_sends_is_read_as_it_was_meant(pairs: list[tuple[str, str]]) -> None:
    body = urlencode(pairs, errors="surrogatepass" if _surrogates(pairs) else "strict").encode()
    said = said_in(body)
    assert said is None or said == QueryDict(body)
    assert (said is None) == _surrogates(pairs)


@given(st.lists(PIECES, max_size=30))
def test_what_no_browser_sends_is_read_as_django_reads_it(pieces: list[str]) -> None:
    body = "".join(pieces).encode()
    said = said_in(body)
    assert said is None or said == QueryDict(body)


@pytest.mark.parametrize("body", [b"a=%FF", b"a=%E8%B7", b"%ff=1", b"a=\xff"])
def test_what_is_not_utf8_is_left_to_django(body: bytes) -> None:
    assert said_in(body) is None


def test_it_cannot_be_changed() -> None:
    said = said_in(b"a=1")
    assert said is not None
    with pytest.raises(AttributeError):
        said["a"] = "2"


@override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=3)
def test_too_many_fields_are_refused_as_ever() -> None:
    assert said_in(b"a=1&b=2&c=3") == QueryDict("a=1&b=2&c=3")
    assert said_in(b"a=1&b=2&c=3&d=4") is None
    assert (
        Client()
        .post("/public/look-up/", "a=1&b=2&c=3&d=4", content_type="application/x-www-form-urlencoded")
        .status_code
        == 400
    )


def _surrogates(pairs: list[tuple[str, str]]) -> bool:
    return any("\ud800" <= char <= "\udfff" for pair in pairs for words in pair for char in words)
