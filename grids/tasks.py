"""What beat calls of grids: each task only calls a verb or a sweep with the time."""

import logging

from celery import shared_task
from django.utils import timezone

from grids import checks, recheck_rings, retention, visit_clocks
from grids.importing import running
from grids.models import HazardPhoto
from grids.workflow import admitting, photographs

log = logging.getLogger(__name__)


@shared_task(name="grids.ring_rechecks")
def ring_rechecks() -> None:
    told = recheck_rings.ring_due(timezone.now())
    if told:
        log.info("rechecks rung", extra={"people": told})


@shared_task(name="grids.let_photos_go")
def let_photos_go() -> int:
    return photographs.let_go(HazardPhoto.objects.all())


@shared_task(name="grids.expire_items")
def expire_items() -> None:
    version = admitting.expire(timezone.now())
    if version:
        log.info("temporary items have ended", extra={"version": version.name})


@shared_task(name="grids.ring_visits")
def ring_visits() -> None:
    rung = visit_clocks.ring_due(timezone.now())
    if rung:
        log.info("visits rung", extra={"rung": rung})


@shared_task(name="grids.run_imports")
def run_imports() -> None:
    """One after the other; what failed is left for the next sweep."""
    while (run := running.claim(timezone.now())) and running.work(run):
        pass


@shared_task(name="grids.expire_imports")
def expire_imports() -> int:
    return running.expire(timezone.now())


@shared_task(name="grids.propose_erasures")
def propose_erasures() -> int:
    """Asked every day, it proposes once a year."""
    return retention.propose(timezone.now())


@shared_task(name="grids.check_what_was_asked")
def check_what_was_asked() -> None:
    checks.check_what_was_asked(timezone.now())


@shared_task(name="grids.check_coverage")
def check_coverage() -> None:
    """Called every hour, checks once a night."""
    found = checks.nightly(timezone.now())
    if found is not None:
        log.info("coverage checked", extra={"found": found})
