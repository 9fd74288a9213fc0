"""The ways a notice reaches a person; which ones are used is the setting NOTICE_CHANNELS."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMessage

from accounts.models import Notice

logger = logging.getLogger(__name__)

Channel = Callable[[Notice], None]


def deliver(notice: Notice) -> None:
    """Through every channel in use; raises when one of them could not."""
    for name in settings.NOTICE_CHANNELS:
        CHANNELS[name](notice)


def in_app(notice: Notice) -> None:
    """The row is the delivery: the inbox shows it."""


def console(notice: Notice) -> None:
    logger.info("notice %s for user %s: %s", notice.pk, notice.person_id, notice.key)  # no words of the case in logs


def email(notice: Notice) -> None:
    if not notice.person.email:
        return
    link = f"{settings.PORTAL_ADDRESS}{notice.path}" if notice.path else settings.PORTAL_ADDRESS
    EmailMessage(
        subject=f"【{notice.get_weight_display()}】{notice.title}".replace("\n", " "),
        body=f"{notice.body}\n\n{link}\n",
        to=[notice.person.email],
        # The same notice sent twice carries the same id, so that mail programs show it once.
        headers={"Message-ID": f"<notice-{notice.pk}@shouyang>"},
    ).send()


CHANNELS: dict[str, Channel] = {"in_app": in_app, "console": console, "email": email}
