"""Every address of the portal starts here."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from shouyang import map_views, offline, trail_views
from shouyang.demo_door import enter
from shouyang.desk import desk
from shouyang.health import healthz
from shouyang.homes.views.today import today
from shouyang.metrics import metrics
from shouyang.search import search

handler400 = "shouyang.errors.bad_request"
handler429 = "shouyang.errors.too_many_requests"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = settings.SITE_NAME

urlpatterns = [
    path("", desk, name="desk"),
    path("", include("petitions.urls")),
    path("", include("grids.coverage_urls")),
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("search/", search, name="search"),
    path("trail/", trail_views.trail, name="trail"),
    path("trail/check/", trail_views.check, name="check_trail"),
    path("account/", include("accounts.sign_in_urls")),
    path("account/", include("accounts.urls")),
    path("exports/", include("accounts.export_urls")),
    path("grids/", include("grids.staffing_urls")),
    path("homes/", include("grids.keeping_urls")),
    path("map/", map_views.show, name="map"),
    path("map/outlines.json", map_views.outlines, name="map_outlines"),
    path("places/", include("shouyang.place_urls")),
    path("hazards/", include("petitions.hazard_urls")),
    path("premises/", include("grids.premises_urls")),
    path("items/", include("grids.item_urls")),
    path("homes/", include("shouyang.homes.urls")),
    path("today/", today, name="today"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("service-worker.js", offline.service_worker, name="service_worker"),
    path("offline/", offline.without_network, name="offline"),
    path("today/session/", offline.session, name="offline_session"),
    path("api/", include("shouyang.api")),
    path("admin/", admin.site.urls),
]

if settings.DEMO:
    urlpatterns.append(path("demo/enter/", enter, name="demo_enter"))
