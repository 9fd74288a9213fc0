"""Every address of the portal starts here."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from shouyang.demo_door import enter
from shouyang.health import healthz
from shouyang.metrics import metrics

handler400 = "shouyang.errors.bad_request"
handler429 = "shouyang.errors.too_many_requests"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = settings.SITE_NAME

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("account/", include("accounts.sign_in_urls")),
    path("account/", include("accounts.urls")),
    path("admin/", admin.site.urls),
]

if settings.DEMO:
    urlpatterns.append(path("demo/enter/", enter, name="demo_enter"))
