"""What beat calls: each task only calls a verb or a sweep with the time."""

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts.notnow import NotNow
from petitions import clocks, lessons, links, periods, phone, supervision, terms, workflow, workyears
from petitions.models import Draft, Petition
from petitions.papers import reviewing, ringing
from petitions.rules import RULES

log = logging.getLogger(__name__)

ARCHIVE_BATCH = 500


@shared_task(name="petitions.ring_due")
def ring_due() -> None:
    sweep = clocks.ring_due(timezone.now())
    if sweep.rung or sweep.set_aside:
        log.info(
            "clocks rung", extra={"rung": sweep.rung, "set_aside": sweep.set_aside, "lateness_seconds": sweep.latest}
        )


@shared_task(name="petitions.ring_notices")
def ring_notices() -> None:
    rung = supervision.ring_due(timezone.now())
    if rung:
        log.info("notices rung", extra={"rung": rung})


@shared_task(name="petitions.ring_tasks")
def ring_tasks() -> None:
    rung = ringing.ring_due(timezone.now())
    if rung:
        log.info("tasks rung", extra={"rung": rung})


@shared_task(name="petitions.remind_of_reviews")
def remind_of_reviews() -> None:
    reminded = reviewing.remind(timezone.now())
    if reminded:
        log.info("meetings to be reviewed", extra={"reminded": reminded})


@shared_task(name="petitions.send_links")
def send_links() -> None:
    sent = links.send_due(timezone.now())
    if sent:
        log.info("answer links sent", extra={"sent": sent})


@shared_task(name="petitions.archive_concluded")
def archive_concluded() -> None:
    """Petitions concluded long enough ago become read-only (domain §2.4, 80→90)."""
    now = timezone.now()
    concluded = Petition.objects.filter(
        status__in=RULES["archive"].sources,
        concluded_at__lt=now - timedelta(days=terms.setting("archive_days")),
    ).order_by("concluded_at")
    for petition in concluded[:ARCHIVE_BATCH]:
        try:
            workflow.archive(petition, at=now)
        except NotNow:  # reopened since the list was read
            continue


@shared_task(name="petitions.refresh_calendar")
def refresh_calendar() -> None:
    """New years enter the calendar; when a year is published, provisional dates are worked out again."""
    now = timezone.now()
    if workyears.refresh(timezone.localdate()):
        clocks.replan_provisional(now)


@shared_task(name="petitions.prune_drafts")
def prune_drafts() -> None:
    """Drafts are full of personal data: they are kept as long as promised and no longer."""
    pruned = Draft.objects.prune(timezone.now())
    if pruned:
        log.info("drafts pruned", extra={"pruned": pruned})


@shared_task(name="petitions.forget_calls")
def forget_calls() -> None:
    """Numbers of callers whose call became no petition are kept as long as promised and no longer."""
    forgotten = phone.forget(timezone.now())
    if forgotten:
        log.info("calls forgotten", extra={"forgotten": forgotten})


@shared_task(name="petitions.draw_rechecks")
def draw_rechecks() -> None:
    """The sample of last month, on the first day that somebody asks for it."""
    now = timezone.now()
    drawn = workflow.draw_rechecks(periods.month_before(timezone.localdate(now)), at=now)
    if drawn:
        log.info("rechecks drawn", extra={"drawn": drawn})


@shared_task(name="petitions.learn_words")
def learn_words() -> None:
    """Which words speak for which item, so that the call form proposes it while one types."""
    log.info("words learned", extra={"words": lessons.learn()})


@shared_task(name="petitions.conclude_hazards")
def conclude_hazards() -> None:
    """What was sent on and has ended comes up for another look."""
    concluded = workflow.conclude_hazards()
    if concluded:
        log.info("hazards to look at again", extra={"concluded": concluded})
