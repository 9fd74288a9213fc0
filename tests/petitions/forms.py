"""What an operator's browser sends."""

import uuid
from typing import Any

from tests.cast import XIANGYANG_1

FORM = "/petitions/new/"


def said(**changes: Any) -> dict[str, Any]:
    """A good call form; None takes a field out."""
    words = {
        "submission": str(uuid.uuid4()),
        "caller_phone": "12000000001",
        "caller_name": "王秀英",
        "content": "向阳社区门口的路灯不亮，晚上走路看不见。",
        "address": "圣城街道向阳社区",
        "place": XIANGYANG_1,
        "item": "A07",
        "nature": "assistance",
        "channel": "12345",
        "next": "dispatch",
    }
    return {name: value for name, value in (words | changes).items() if value is not None}
