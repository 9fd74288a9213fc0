"""The addresses of who answers for the grids."""

from django.urls import path, re_path

from grids.views import matrix, staffing

app_name = "staffing"
GRID = r"^(?P<code>[0-9]{15})"

urlpatterns = [
    path("matrix/", matrix.page, name="matrix"),
    re_path(rf"{GRID}/card/$", matrix.printed, name="card"),
    re_path(rf"{GRID}/people/$", staffing.page, name="people"),
    re_path(rf"{GRID}/people/appoint/(?P<duty>[a-z_]+)/$", staffing.appoint, name="appoint"),
    re_path(rf"{GRID}/people/(?P<pk>[0-9]{{1,18}})/relieve/$", staffing.relieve, name="relieve"),
    re_path(rf"{GRID}/people/(?P<pk>[0-9]{{1,18}})/leave/$", staffing.take_leave, name="take_leave"),
    re_path(rf"{GRID}/leaves/(?P<pk>[0-9]{{1,18}})/back/$", staffing.come_back, name="come_back"),
]
