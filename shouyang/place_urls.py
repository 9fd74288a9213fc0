from django.urls import path, re_path

from shouyang import place_views

app_name = "grids"
urlpatterns = [
    path("", place_views.city, name="city"),
    re_path(r"^(?P<code>[0-9]{6,15})/$", place_views.place, name="place"),
    re_path(r"^(?P<code>[0-9]{6,15})/boundaries\.json$", place_views.boundaries, name="boundaries"),
]
