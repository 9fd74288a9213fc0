"""Reference data for administrators: people and units; what is append-only can only be read."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Access, ApiKey, Delivery, Notice, Unit, User

# Duties stand in postings; second factors and sessions belong to their owners.
for model in (Group, EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People leave by being switched off: what they did keeps their name."""

    list_display = ("username", "name", "mobile", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "name")
    ordering = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("人员", {"fields": ("name", "mobile", "email")}),
        ("权限", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("记录", {"fields": ("last_login", "date_joined")}),
    )
    # Everybody here has a password: without Django's choice of other ways, and its English words about them.
    add_form, add_form_template = UserCreationForm, None
    add_fieldsets = ((None, {"fields": ("username", "name", "password1", "password2")}),)
    readonly_fields = ("last_login", "date_joined")
    actions = ("end_sessions", "remove_second_factor")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description="结束所选人员的全部登录")
    def end_sessions(self, request: HttpRequest, people: QuerySet[User]) -> None:
        sessions = list(UserSession.objects.filter(user__in=people))
        for session in sessions:
            session.end()
        messages.success(request, f"已结束 {len(sessions)} 处登录。")

    @admin.action(description="清除所选人员的两步验证（手机遗失时）")
    def remove_second_factor(self, request: HttpRequest, people: QuerySet[User]) -> None:
        Authenticator.objects.filter(user__in=people).delete()
        messages.success(request, f"已清除 {people.count()} 人的两步验证，请通知其重新绑定。")


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    list_display = ("name", "short_name", "kind", "line", "parent", "active", "fictional")
    list_filter = ("kind", "active", "fictional")
    search_fields = ("name", "short_name", "line")
    list_select_related = ("parent",)
    autocomplete_fields = ("parent",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly):
    list_display = ("prefix", "name", "user", "created_at", "revoked_at")
    list_filter = ("revoked_at",)
    search_fields = ("name", "user__name", "user__username")
    list_select_related = ("user",)
    actions = ("revoke",)

    @admin.action(description="吊销所选密钥")
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        revoked = keys.filter(revoked_at=None).update(revoked_at=timezone.now())
        messages.success(request, f"已吊销 {revoked} 个密钥。")


@admin.register(Access)
class AccessAdmin(ReadOnly):
    list_display = ("at", "by", "kind", "subject", "field", "reason")
    list_filter = ("kind",)
    search_fields = ("subject", "by__name", "by__username")
    list_select_related = ("by",)
    show_full_result_count = False


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    list_display = ("created_at", "person", "title", "weight", "sent_at", "read_at")
    list_filter = ("weight",)
    search_fields = ("key", "person__name", "person__username")
    list_select_related = ("person",)
    show_full_result_count = False


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ("notice", "channel", "attempts", "problem", "next_try_at", "sent_at", "given_up_at")
    list_filter = ("channel", ("given_up_at", admin.EmptyFieldListFilter), ("sent_at", admin.EmptyFieldListFilter))
    list_select_related = ("notice", "channel")
    search_fields = ("=notice__key",)
    actions = ("try_again",)
    show_full_result_count = False

    @admin.action(description="再发一次（只对已放弃的）")
    def try_again(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        again = Delivery.objects.filter(pk__in=deliveries.values("pk")).try_again(timezone.now())
        messages.success(request, f"{again} 条将在下一次巡查时再发。")
