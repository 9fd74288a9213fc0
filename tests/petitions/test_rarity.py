"""Which way petitions with some words are found: on a walk from the newest, or by the index of words."""

import pytest

from petitions import rarity


@pytest.mark.parametrize(
    ("words", "count", "walks"),
    [
        (["路灯"], 100_000, False),  # 3,000 by the index, 10,000 on the way to the first 300
        (["路灯", "小区"], 100_000, True),  # 33,000 by the index, 909 on the way
        (["路灯"], 1_000_000, True),  # 30,000 by the index
        (["紫藤架"], 1_000_000, False),  # too rare to be counted
    ],
)
def test_the_shorter_way_is_taken(monkeypatch: pytest.MonkeyPatch, words: list[str], count: float, walks: bool) -> None:
    monkeypatch.setattr(rarity, "parts", lambda: {"路灯": 0.03, "小区": 0.3})
    monkeypatch.setattr(rarity, "count", lambda: count)
    assert rarity.sooner_by_walking(words, 300) is walks
