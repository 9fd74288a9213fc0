from collections.abc import Iterator
from typing import Any

import pytest

from grids import locate
from grids.models import Place
from tests.conftest import load_city


@pytest.fixture(autouse=True)
def fresh_names() -> Iterator[None]:
    locate.forget()
    yield
    locate.forget()


@pytest.fixture
def city(db: Any) -> Place:
    """The whole tree, with its outlines."""
    if not Place.objects.exists():  # a test with real commits emptied the tables
        load_city()
    return Place.objects.get(kind=Place.Kind.CITY)
