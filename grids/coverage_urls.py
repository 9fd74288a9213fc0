"""The addresses of coverage: its report, what puts it right, and how grids change."""

from django.urls import path, re_path

from grids.views import boundaries, compounds, coverage, facts, points, regridding

app_name = "coverage"
CODE = r"(?P<code>[0-9]{12,15})"
urlpatterns = [
    path("grids/coverage/", coverage.show, name="report"),
    path("grids/coverage/check/", coverage.check, name="check"),
    path("grids/compounds/<int:pk>/", compounds.show, name="compound"),
    path("grids/buildings/<int:pk>/", points.of_building, name="building"),
    path("grids/compounds/<int:pk>/facts/", facts.of_compound, name="compound_facts"),
    path("grids/buildings/<int:pk>/facts/", facts.of_building, name="building_facts"),
    re_path(r"^places/(?P<code>[0-9]{12})/points/$", points.of_community, name="points"),
    re_path(r"^places/(?P<code>[0-9]{12})/points/import/$", points.of_file, name="points_import"),
    re_path(rf"^places/{CODE}/boundaries/$", boundaries.edit, name="boundaries"),
    re_path(rf"^places/{CODE}/versions/$", boundaries.versions, name="versions"),
    re_path(rf"^places/{CODE}/split/$", regridding.split, name="split"),
    re_path(rf"^places/{CODE}/merge/$", regridding.merge, name="merge"),
]
