"""One's own account: inbox, profile, API keys, other sign-ins. Signing in is allauth's (sign_in_urls.py)."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.browsers import plainly
from accounts.forms import ApiKeyForm
from accounts.models import ApiKey, Notice
from accounts.signed_in import SignedInRequest

ON_A_PAGE = 30
FARTHEST_PAGE = 50  # older notices are found through the petition they tell of


@login_required
def inbox(request: SignedInRequest) -> HttpResponse:
    notices = Notice.objects.of(request.user)
    shown = notices.unread() if (only_unread := request.GET.get("show") == "unread") else notices
    page = Paginator(shown[: ON_A_PAGE * FARTHEST_PAGE], ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/inbox.html", {"page": page, "only_unread": only_unread})


@login_required
@require_POST
def open_notice(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read it and go where it leads; only to pages of ours, whatever the row says."""
    notice = get_object_or_404(Notice.objects.of(request.user), pk=pk)
    notice.read(timezone.now())
    local = url_has_allowed_host_and_scheme(notice.path, allowed_hosts=None)
    return redirect(notice.path if local else "accounts:inbox")


@login_required
@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    count = Notice.objects.of(request.user).unread().update(read_at=timezone.now())
    messages.success(request, f"已将 {count} 条通知标为已读。")
    return redirect("accounts:inbox")


@login_required
def me(request: SignedInRequest) -> HttpResponse:
    return render(request, "accounts/me.html")


@never_cache
@login_required
def keys(request: SignedInRequest) -> HttpResponse:
    """The secret is in the answer to the form and nowhere else: it is shown once."""
    form, secret = ApiKeyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        _, secret = ApiKey.issue(request.user, form.cleaned_data["name"])
        form = ApiKeyForm()
    context = {"form": form, "secret": secret, "keys": ApiKey.objects.of(request.user)}
    return render(request, "accounts/keys.html", context)


@login_required
@require_POST
def revoke_key(request: SignedInRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.of(request.user).alive(), pk=pk)
    key.revoke(timezone.now())
    messages.success(request, f"密钥“{key.name}”已吊销，立即失效。")
    return redirect("accounts:keys")


@login_required
@require_POST
def end_session(request: SignedInRequest, pk: int) -> HttpResponse:
    """The present one is not ended here: its owner signs out."""
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    session = get_object_or_404(others, pk=pk)
    session.end()
    messages.success(request, f"“{plainly(session.user_agent)}（{session.ip}）”已退出登录。")
    return redirect("usersessions_list")
