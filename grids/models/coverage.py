"""What the checks of coverage found: the findings that stand, their number at each run, and what is to be run."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.errands import soon
from accounts.models import User
from grids.models.place import CITY_CODE, Place
from grids.models.posting import Duty
from grids.scope import places_of

TASK = "grids.check_what_was_asked"
READERS = (
    Duty.COMMUNITY_SECRETARY,
    Duty.STREET_OFFICER,
    Duty.CENTRE_DIRECTOR,
    Duty.LEADER,
    Duty.PRINCIPAL_LEADER,
    Duty.ADMINISTRATOR,
    Duty.AUDITOR,
)


class CoverageRunQuerySet(models.QuerySet["CoverageRun"]):
    def newest(self) -> "CoverageRunQuerySet":
        """The last run of each place."""
        return self.order_by("place_id", "-at", "-id").distinct("place_id")


class CoverageRun(models.Model):
    """One place was checked: a community with its grids, or the city for what belongs to no community."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="+", verbose_name="场所", db_index=False)
    at = models.DateTimeField("检查时间")
    counts = models.JSONField("各项数目", default=dict)

    objects = CoverageRunQuerySet.as_manager()

    class Meta:
        verbose_name = "覆盖检查"
        verbose_name_plural = "覆盖检查"
        ordering = ("place", "-at", "-id")
        indexes = [models.Index(fields=["place", "-at"], name="coverage_run_newest")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.at:%Y-%m-%d %H:%M}"


class CoverageFindingQuerySet(models.QuerySet["CoverageFinding"]):
    def visible_to(self, user: User) -> "CoverageFindingQuerySet":
        codes = places_of(user, *READERS)
        inside = Q(*(Q(place__code__startswith=code) for code in codes), _connector=Q.OR)
        return self.filter(inside) if codes else self.none()

    def within(self, code: str) -> "CoverageFindingQuerySet":
        return self.filter(place__code__startswith=code)


class CoverageFinding(models.Model):
    """Rows of the newest run alone. They name no person and no room: those stand behind the link."""

    check_name = models.CharField("检查项", max_length=24)
    place = models.ForeignKey(Place, models.CASCADE, related_name="findings", verbose_name="场所", db_index=False)
    words = models.CharField("问题", max_length=200)
    href = models.CharField("处理页面", max_length=120)

    objects = CoverageFindingQuerySet.as_manager()

    class Meta:
        verbose_name = "覆盖问题"
        verbose_name_plural = "覆盖问题"
        ordering = ("place", "id")
        indexes = [models.Index(fields=["place", "check_name"], name="coverage_finding_of_place")]

    def __str__(self) -> str:
        return self.words


class CoverageAsk(models.Model):
    """Something of this community was changed and it is to be checked again. The row is the queue; who writes one waits
    for nobody, so there may be many of one community."""

    community = models.CharField("社区", max_length=12)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "待复核社区"
        verbose_name_plural = "待复核社区"
        ordering = ("id",)

    def __str__(self) -> str:
        return self.community


def ask_for_checks(codes: Iterable[str], at: datetime) -> None:
    """Inside of the transaction of a change: the communities of these places are checked soon after it, or the city."""
    wanted = sorted({code[:12] for code in codes if len(code) >= 12 or code == CITY_CODE})
    CoverageAsk.objects.bulk_create(CoverageAsk(community=code, at=at) for code in wanted)
    soon(TASK)
