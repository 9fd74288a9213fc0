import pytest
from pytest_django import Settings

from accounts.models import User
from tests.cast import Cast

PASSWORD = "a long enough phrase"


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """A real hash takes a third of a second, which is its purpose, and these tests sign in a hundred times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def operator(cast: Cast, quick_passwords: None) -> User:
    return with_password(cast.operator)


@pytest.fixture
def auditor(cast: Cast, quick_passwords: None) -> User:
    return with_password(cast.auditor)
