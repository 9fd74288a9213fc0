"""Ready words are kept: by whom they belong to, by the head of the unit, or by the centre's reviewers."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Unit, User
from accounts.notnow import NotNow
from grids.models import Duty, Item
from grids.scope import duties_of, holds
from petitions.models import Template
from petitions.models.template import CENTRE_KEEPERS, TEMPLATE_READERS

TEMPLATE_GONE = "这条模板刚刚被别人停用，请刷新后再操作。"


def may_keep(user: User, *, owner: User | None, unit: Unit | None) -> bool:
    if owner is not None:
        return owner == user and bool(duties_of(user) & set(TEMPLATE_READERS))
    return holds(user, Duty.HEAD, unit=unit.pk) if unit else bool(duties_of(user) & set(CENTRE_KEEPERS))


def write_template(
    template: Template | None = None,
    *,
    action: str,
    item: Item | None,
    title: str,
    text: str,
    owner: User | None,
    unit: Unit | None,
    by: User,
    at: datetime,
) -> Template:
    """New words, or other words in the place of these."""
    if not may_keep(by, owner=owner, unit=unit):
        raise PermissionDenied
    with transaction.atomic():
        kept = _locked(template, by) if template else Template()
        kept.action, kept.item, kept.title, kept.text = action, item, title, text
        kept.owner, kept.unit, kept.written_by, kept.written_at = owner, unit, by, at
        kept.save()
    return kept


@transaction.atomic
def end_template(template: Template, *, by: User, at: datetime) -> None:
    kept = _locked(template, by)
    kept.ended_at = at
    kept.save(update_fields=["ended_at"])


def _locked(template: Template, by: User) -> Template:
    found = Template.objects.select_for_update(no_key=True, of=("self",)).filter(pk=template.pk, ended_at=None).first()
    if found is None:
        raise NotNow(TEMPLATE_GONE)
    if not may_keep(by, owner=found.owner, unit=found.unit):
        raise PermissionDenied
    return found
