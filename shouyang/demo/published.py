"""The demo city's published cases: some that were solved, and in whose words nobody can be recognised as they stand."""

import random
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from grids.models import Duty
from petitions import workflow
from petitions.cases import originals
from petitions.models import Petition, Publication, Status

CASES, LOOKED_AT = 30, 400
DIGESTS = 0.2


def publish(seed: int, now: datetime) -> None:
    """Some hours after they were closed."""
    rng = random.Random(seed)  # noqa: S311 (a demo city, not a secret)
    reviewers = list(User.objects.filter(postings__duty=Duty.REVIEWER).order_by("pk"))
    closed = Petition.objects.public().filter(status=Status.CLOSED, concluded_at__lt=now - timedelta(days=1))
    left = CASES
    for petition in closed.select_related("item").order_by("-concluded_at", "pk")[:LOOKED_AT]:
        told = originals(petition)
        if not left or not told["answer"].hidden or any(len(one.pieces) > 1 for one in told.values()):
            continue
        words: dict[str, Any] = {name: one.hidden for name, one in told.items()}
        if digest := rng.random() < DIGESTS:
            words["question"] = ""
        workflow.publish_case(
            petition,
            level=Publication.Level.DIGEST if digest else Publication.Level.FULL,
            by=rng.choice(reviewers),
            at=_later(rng, petition),
            **words,
        )
        left -= 1


def _later(rng: random.Random, petition: Petition) -> datetime:
    assert petition.concluded_at is not None, "what is closed was concluded"
    return petition.concluded_at + timedelta(hours=rng.uniform(2, 20))
