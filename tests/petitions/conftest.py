import pytest
from django.test import Client

from tests.cast import Cast


@pytest.fixture
def operator(client: Client, cast: Cast) -> Client:
    """The operator at her screen."""
    client.force_login(cast.operator)
    return client


@pytest.fixture
def dispatcher(client: Client, cast: Cast) -> Client:
    client.force_login(cast.dispatcher)
    return client
