"""How many visits a day one worker can make: a number of the city's settings, edited beside the rules."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from grids.permissions import may_rule
from petitions import terms
from petitions.models import Setting

CAP = "visits_a_day"


def cap() -> int:
    return terms.setting(CAP)


def change_cap(value: int, *, by: User) -> None:
    if not may_rule(by):
        raise PermissionDenied
    with transaction.atomic():
        setting = Setting.objects.select_for_update(no_key=True).get(pk=CAP)
        if setting.value == value:
            return
        setting.value = value
        setting.save(update_fields=["value"])
        LogEntry.objects.log_actions(by.pk, [setting], CHANGE, "走访规则")
    terms.forget()
