from datetime import date
from typing import Any

import pytest
from django.core.cache import caches
from pytest_django import DjangoDbBlocker

from grids.models import Place
from petitions import terms
from petitions.models import Setting
from shouyang import catalogues
from tests.cast import Cast, hire

THE_DAY = date(2026, 11, 16)


def load_city() -> None:
    """The catalogues, and the demo city's compounds, by which addresses are found."""
    catalogues.load(THE_DAY)
    catalogues.load_landmarks()
    # Stories are told without the day between the end and the call; test_call_backs.py keeps it.
    Setting.objects.filter(key="callback_cooldown").update(value=0)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The catalogues are loaded once; every test rolls back to them."""
    with django_db_blocker.unblock():
        load_city()


@pytest.fixture(autouse=True)
def fresh_terms() -> None:
    terms.forget()
    caches["drawn"].clear()


@pytest.fixture
def cast(db: Any) -> Cast:
    if not Place.objects.exists():  # a test with real commits emptied the tables
        load_city()
    return hire()
