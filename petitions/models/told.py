"""Proof that the caller was told before the city takes more time, or ends it: how, when, in which words."""

from django.db import models

from petitions.models.dispatch import Dispatch


class ToldCaller(models.Model):
    told_manner = models.CharField("告知方式", max_length=10, choices=Dispatch.Manner, blank=True)
    told_at = models.DateTimeField("告知时间", null=True, blank=True)
    told_words = models.TextField("告知内容", blank=True)

    class Meta:
        abstract = True
