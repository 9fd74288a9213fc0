"""The rules of visiting are edited; who did it stands in the audit trail. No promise already made moves."""

from collections.abc import Iterable

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from grids.models import VisitRule
from grids.permissions import may_rule

FIELDS = ("every", "unit", "phone_percent", "self_confirmed", "newcomer_days", "crisis_days", "escalate_days")


def change_rules(rules: Iterable[VisitRule], *, by: User) -> list[VisitRule]:
    """Those that differ from what is stored; the others are left alone."""
    if not may_rule(by):
        raise PermissionDenied
    with transaction.atomic():
        stored = {rule.colour: rule for rule in VisitRule.objects.select_for_update(no_key=True)}
        changed = [rule for rule in rules if _differs(rule, stored[rule.colour])]
        for rule in changed:
            rule.save(update_fields=FIELDS)
        LogEntry.objects.log_actions(by.pk, changed, CHANGE, "走访规则")
    return changed


def _differs(rule: VisitRule, stored: VisitRule) -> bool:
    return any(getattr(rule, name) != getattr(stored, name) for name in FIELDS)
