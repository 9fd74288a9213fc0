"""The addresses of hazards."""

from django.urls import path

from petitions.views import hazards

app_name = "hazards"

urlpatterns = [
    path("", hazards.page, name="list"),
    path("new/", hazards.new, name="new"),
    path("<int:pk>/", hazards.one, name="one"),
    path("<int:pk>/<slug:action>/", hazards.act, name="act"),
]
