"""How every door to homes finds them: from the user, who otherwise hears that there is nothing."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.signed_in import SignedInRequest
from grids.models import OF_HOMES, Household, Resident
from grids.permissions import may_keep
from grids.scope import holds

RELATED = ("dwelling__place", "dwelling__tenancy")


def sees_homes(user: User) -> None:
    if not holds(user, *OF_HOMES):
        raise Http404


def home_of(request: SignedInRequest, pk: int) -> Household:
    hers = Household.objects.visible_to(request.user).select_related(*RELATED).defer("dwelling__place__boundary")
    return get_object_or_404(hers, pk=pk)


def kept_home(request: SignedInRequest, pk: int) -> Household:
    """One whose record she keeps; who only sees it may not."""
    household = home_of(request, pk)
    if not may_keep(request.user, household.dwelling.place_id):
        raise PermissionDenied
    return household


def member_of(household: Household, pk: int) -> Resident:
    return get_object_or_404(household.residents.select_related("household__dwelling"), pk=pk)
