"""The same again and again: so many petitions on one item in one grid within a few days are supervised in writing.

The portal shows them and proposes the notice; a reviewer writes it (domain §2.9: 7 日内同类 ≥3 件).
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from petitions import terms
from petitions.models import OPEN, Petition, Status


def repeated(at: datetime) -> Q:
    """Open ones that stand among at least so many."""
    since, least = _since(at), terms.setting("repeated_from")
    same = _of_late(since, at).filter(item=OuterRef("item"), place=OuterRef("place")).order_by()
    return Q(status__in=OPEN, registered_at__gt=since) & Q(Exists(same[least - 1 : least]))


def others_like(petition: Petition, at: datetime) -> list[Petition]:
    """Which they are; none where they are too few."""
    same = _of_late(_since(at), at).filter(item=petition.item, place=petition.place).exclude(pk=petition.pk)
    others = list(same.order_by("registered_at")[:20])
    return others if len(others) + 1 >= terms.setting("repeated_from") else []


def _since(at: datetime) -> datetime:
    return at - timedelta(days=terms.setting("repeated_days"))


def _of_late(since: datetime, at: datetime) -> QuerySet[Petition]:
    """Every caller counts, also of those that were merged; what was not accepted does not."""
    return Petition.objects.filter(registered_at__gt=since, registered_at__lte=at).exclude(status=Status.REFUSED)
