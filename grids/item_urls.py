"""The addresses of the list of items."""

from django.urls import path

from grids.views import items

app_name = "items"

urlpatterns = [
    path("", items.page, name="list"),
    path("versions/<str:name>/", items.version, name="version"),
    path("apply/", items.apply, name="apply"),
    path("admissions/", items.admissions, name="admissions"),
    path("admissions/publish/", items.publish, name="publish"),
    path("admissions/<int:pk>/", items.admission, name="admission"),
    path("admissions/<int:pk>/resubmit/", items.resubmit, name="resubmit"),
    path("admissions/<int:pk>/<slug:action>/", items.review, name="review"),
]
