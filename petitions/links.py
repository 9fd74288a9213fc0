"""A resident's link leaves the building as a text message: after commit, from its row, again when it failed."""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts import channels, notices, phones
from accounts.models import Channel, Notice
from accounts.sealing import Unreadable
from accounts.unsent import Unsent
from petitions.models import AnswerLink, Petition, ScriptLine

log = logging.getLogger(__name__)

BATCH = 25  # a silent gateway holds each message up for eight seconds; all of them must fit into the lease
LEASE = timedelta(minutes=5)
SAVED = ("secret", "next_try_at", "problem", "sent_at", "given_up_at")


def can_send(petition: Petition) -> bool:
    """A mobile, a gateway that reaches residents, an address to put into the message, and no failure before."""
    if not settings.PORTAL_ADDRESS or not phones.is_mobile(petition.caller_phone):
        return False
    failed = petition.answer_links.filter(round=petition.redo_count + 1, given_up_at__isnull=False)
    return Channel.objects.to_residents().exists() and not failed.exists()


def words_of(link: AnswerLink, token: str, *, site: str) -> str:
    words = ScriptLine.objects.filter(part="message").values_list("words", flat=True).first() or "{link}"
    address = site.rstrip("/") + reverse("petitions:public_answer", args=[token])
    until = f"{timezone.localtime(link.expires_at):%m-%d %H:%M}"
    return words.replace("{number}", link.petition.number).replace("{link}", address).replace("{until}", until)


def send_due(at: datetime) -> int:
    """Send what waits; *at least once*: a worker killed in between leaves its batch to the sweep after the lease."""
    gateway = Channel.objects.to_residents().first()
    sent = 0
    while batch := _claim(at):
        for link in batch:
            _send(link, gateway, at)
            sent += link.sent_at is not None
    return sent


def _claim(at: datetime) -> list[AnswerLink]:
    with transaction.atomic():
        batch = list(
            AnswerLink.objects.to_send(at)
            .select_related("petition", "made_by")
            .select_for_update(skip_locked=True, no_key=True, of=("self",))
            .order_by("next_try_at", "id")[:BATCH]
        )
        AnswerLink.objects.filter(pk__in=[link.pk for link in batch]).update(
            next_try_at=at + LEASE, attempts=F("attempts") + 1
        )
    for link in batch:
        link.attempts += 1
    return batch


def _send(link: AnswerLink, gateway: Channel | None, at: datetime) -> None:
    if not AnswerLink.objects.alive(at).filter(pk=link.pk).exists():
        link.let_go()  # she has answered, or another link has taken its place
    elif problem := channels.problem_with(partial(_hand_over, link, gateway)):
        link.fail(at, problem)
        log.warning("answer link %s was not sent, attempt %s: %s", link.pk, link.attempts, problem)
    else:
        link.succeed(at)
    with transaction.atomic():
        link.save(update_fields=SAVED)
        if link.given_up_at:
            _tell_who_made_it(link, at)


def _hand_over(link: AnswerLink, gateway: Channel | None) -> None:
    """Her number is opened here, and written nowhere."""
    mobile, token = link.petition.caller_phone, link.secret
    if gateway is None:
        raise Unsent("没有在用的群众短信网关")
    if token is None or isinstance(token, Unreadable) or not phones.is_mobile(mobile):
        raise Unsent("读不出号码或链接")
    channels.send_to_resident(gateway, mobile, words_of(link, token, site=settings.PORTAL_ADDRESS))


def _tell_who_made_it(link: AnswerLink, at: datetime) -> None:
    number = link.petition.number
    notices.tell(
        [link.made_by],
        key=f"answer-link:{link.pk}",
        title=f"评价链接没有发出：{number}",
        body=f"{link.problem}。请打电话回访，或重新生成链接后自己转发。",
        path=f"/callbacks/?number={number}",
        weight=Notice.Weight.WARNING,
        at=at,
    )
