"""The addresses of homes: a household's page, the list, the rules, and who looked."""

from django.urls import path

from shouyang.homes.views import household, looks, moves, needs, rules, twins
from shouyang.homes.views import list as listing

app_name = "homes"
urlpatterns = [
    path("", listing.page, name="list"),
    path("find/", listing.find, name="find"),
    path("new/", moves.new, name="new"),
    path("needs/", needs.page, name="needs"),
    path("rules/", rules.page, name="rules"),
    path("looks/", looks.page, name="looks"),
    path("<int:pk>/", household.detail, name="home"),
    path("<int:pk>/fields/", household.fields, name="fields"),
    path("<int:pk>/story/", household.past, name="story"),
    path("<int:pk>/unmask/", household.unmask, name="unmask"),
    path("<int:pk>/needs/<int:need_pk>/", household.settle, name="settle"),
    path("<int:pk>/twins/", twins.page, name="twins"),
    path("<int:pk>/twins/<int:kept_pk>/<int:twin_pk>/", twins.merge, name="merge"),
    path("<int:pk>/care/<int:care_pk>/end/", moves.end_care, name="end_care"),
    path("<int:pk>/residents/<int:resident_pk>/<slug:action>/", moves.of_resident, name="of_resident"),
    path("<int:pk>/<slug:action>/", moves.verb, name="verb"),
]
