"""The key of a row, as an address or the name of a field says it. Pure."""

DIGITS = 18  # no more fit into a bigint for certain


def row_key(words: str) -> int:
    """0, which no row has, for whatever is no number."""
    return int(words) if words.isascii() and words.isdigit() and len(words) <= DIGITS else 0
