"""Where a petition was found, when no caller rang: the hazard that was sent on, the home in which it was."""

from django.db import models

from grids.models import Hazard, Household
from petitions.models.petition import Petition


class Origin(models.Model):
    petition = models.OneToOneField(Petition, models.PROTECT, related_name="origin", verbose_name="诉求")
    hazard = models.ForeignKey(Hazard, models.PROTECT, null=True, related_name="sent_on", verbose_name="隐患")
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="petitions", verbose_name="户"
    )

    class Meta:
        verbose_name = "诉求来源"
        verbose_name_plural = "诉求来源"
        constraints = [
            models.CheckConstraint(
                name="origin_says_where", condition=models.Q(hazard__isnull=False) | models.Q(household__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} ← {self.hazard_id or self.household_id}"
