import pytest
from django.test import Client

from tests.cast import Cast


@pytest.fixture
def worker(client: Client, cast: Cast) -> Client:
    client.force_login(cast.worker)
    return client


@pytest.fixture
def secretary(client: Client, cast: Cast) -> Client:
    client.force_login(cast.secretary)
    return client
