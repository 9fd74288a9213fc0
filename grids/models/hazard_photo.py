"""A photo of a hazard, of the step at which it was taken: outside the web root, served only through a check."""

from django.db import models
from django.db.models import Q

from accounts import files
from grids.models.hazard import HazardEvent


def stored_name(photo: "HazardPhoto", name: str) -> str:
    return files.stored_name(photo.event.at, name)


class HazardPhotoQuerySet(models.QuerySet["HazardPhoto"]):
    def standing(self) -> "HazardPhotoQuerySet":
        return self.filter(removed=None)

    def to_let_go(self) -> "HazardPhotoQuerySet":
        """Removed, and the file is still there."""
        return self.exclude(removed=None).exclude(file="")


class HazardPhoto(models.Model):
    """Always a JPEG that was drawn here; when and by whom it was taken, its event says, and so it is with its removal.

    What was removed keeps its row: history and whoever looked at it still name it.
    """

    event = models.ForeignKey(HazardEvent, models.PROTECT, related_name="photos", verbose_name="环节")
    removed = models.OneToOneField(
        HazardEvent, models.PROTECT, null=True, blank=True, related_name="removal_of", verbose_name="删除"
    )
    file = models.FileField("文件", upload_to=stored_name, blank=True)
    sm3 = models.CharField("SM3", max_length=64)
    likeness = models.CharField("感知哈希", max_length=16, blank=True, help_text="照片的 64 位 pHash，十六进制")

    objects = HazardPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "隐患照片"
        verbose_name_plural = "隐患照片"
        ordering = ("id",)
        indexes = [models.Index(fields=["sm3"], name="hazard_photo_twins")]
        constraints = [
            models.CheckConstraint(condition=~Q(removed=None, file=""), name="hazard_photo_has_file_until_removed")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Never the one it had on the phone."""
        return f"隐患{self.event.hazard_id}-{self.event.get_action_display()}-{self.pk}.jpg"
