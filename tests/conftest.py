import gc
import os
from datetime import date
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from accounts import sealing
from petitions import terms
from petitions.models import Setting
from shouyang import catalogues
from tests import databases
from tests.cast import Cast, hire

# How fast words are made up says more about the machine than about what is tested.
hypothesis.settings.register_profile("portal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("portal")

THE_DAY = date(2026, 11, 16)


def load_city() -> None:
    """The catalogues, and the demo city's compounds, by which addresses are found."""
    catalogues.load(THE_DAY)
    catalogues.load_landmarks()
    # Stories are told without the day between the end and the call; test_call_backs.py keeps it.
    Setting.objects.filter(key="callback_cooldown").update(value=0)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """As the web server does: what is loaded by now stays, and need not be looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords(django_test_environment: None) -> None:
    """A real hash takes a third of a second, which is its purpose, and the tests sign in a hundred times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def a_key(django_test_environment: None) -> None:
    sealing.create()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The catalogues are loaded once into this worker's own tables; every test comes back to them."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    databases.copied(name)
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    with django_db_blocker.unblock():
        load_city()
        databases.keep()
    TransactionTestCase._fixture_teardown = lambda case: databases.put_back()  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def fresh_terms() -> None:
    terms.forget()
    for name in ("drawn", "pages"):
        caches[name].clear()


@pytest.fixture
def cast(db: Any) -> Cast:
    return hire()
