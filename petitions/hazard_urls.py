"""The addresses of hazards."""

from django.urls import path

from petitions.views import hazard_photos, hazards

app_name = "hazards"

urlpatterns = [
    path("", hazards.page, name="list"),
    path("new/", hazards.new, name="new"),
    path("<int:pk>/", hazards.one, name="one"),
    path("<int:pk>/photos/<int:photo>/", hazard_photos.whole, name="photo"),
    path("<int:pk>/photos/<int:photo>/small/", hazard_photos.small, name="photo_small"),
    path("<int:pk>/photos/<int:photo>/remove/", hazard_photos.remove, name="photo_remove"),
    path("<int:pk>/<slug:action>/", hazards.act, name="act"),
]
