import pytest

from accounts.models import User
from tests.cast import Cast

PASSWORD = "a long enough phrase"


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def operator(cast: Cast) -> User:
    return with_password(cast.operator)


@pytest.fixture
def auditor(cast: Cast) -> User:
    return with_password(cast.auditor)
