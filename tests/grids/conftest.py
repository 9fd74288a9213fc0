from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grids import locate
from grids.models import Place


@pytest.fixture(autouse=True)
def fresh_names() -> Iterator[None]:
    locate.forget()
    yield
    locate.forget()


@pytest.fixture
def city(db: Any) -> Place:
    """The whole tree, with its outlines."""
    return Place.objects.get(kind=Place.Kind.CITY)


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> Path:
    """Where photos are kept, for this test alone."""
    settings.MEDIA_ROOT = tmp_path / "attachments"
    return tmp_path / "attachments"
