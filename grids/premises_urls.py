"""The addresses of shops and other premises."""

from django.urls import path

from grids.views import premises

app_name = "premises"

urlpatterns = [
    path("", premises.page, name="list"),
    path("new/", premises.new, name="new"),
    path("<int:pk>/", premises.one, name="one"),
    path("<int:pk>/edit/", premises.edit, name="edit"),
    path("<int:pk>/unmask/", premises.unmask, name="unmask"),
    path("<int:pk>/<slug:action>/", premises.act, name="act"),
]
