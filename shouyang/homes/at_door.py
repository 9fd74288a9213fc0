"""Whether an address, as somebody told it, means this very door: …1单元587 does not mean …1单元58.

One rule, for a question put to the database and for words of a statement. The door's own address is first replaced by
a character that nobody can type, so that nothing in it is taken for a pattern.
"""

from django.db.models import F, Value
from django.db.models.functions import Replace
from django.db.models.lookups import Regex

DOOR = "\x01"
ALONE = f"{DOOR}(?![0-9])"


def told(address: str) -> Regex:
    """Of petitions."""
    return Regex(Replace(F("address"), Value(address), Value(DOOR)), ALONE)


TOLD = f"replace(petition.address, door.address, '{DOOR}') ~ '{ALONE}'"
