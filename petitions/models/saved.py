"""An address of the list with a name, kept by one person."""

from django.db import models

from accounts.models import User


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, user: User) -> "SavedFilterQuerySet":
        return self.filter(user=user)


class SavedFilter(models.Model):
    MOST = 20  # of one person

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_filters", verbose_name="谁的", db_index=False)
    name = models.CharField("名称", max_length=20)
    query = models.CharField("条件", max_length=500)
    saved_at = models.DateTimeField("存于")

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = "常用筛选"
        verbose_name_plural = "常用筛选"
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_saved_filter_of_a_name")]

    def __str__(self) -> str:
        return self.name
