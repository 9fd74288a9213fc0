"""The JSON API: each app's viewsets under one address, its schema and its reading room."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.urls import include, path, re_path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from accounts.api import UnitViewSet
from grids.api import ItemViewSet, PlaceViewSet
from petitions import api as petitions
from petitions import paper_api as papers
from petitions import upkeep_api as upkeep
from petitions.rate_api import RatesView
from shouyang import openapi  # noqa: F401 (its extensions register by being imported)


@extend_schema(exclude=True)
class Nothing(APIView):
    """An address that does not exist is refused in the API's own way."""

    permission_classes = ()

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        raise Http404


router = SimpleRouter()
router.register("places", PlaceViewSet, basename="place")
router.register("units", UnitViewSet, basename="unit")
router.register("items", ItemViewSet, basename="item")
router.register("channels", petitions.ChannelViewSet, basename="channel")
router.register("meetings", papers.MeetingViewSet, basename="meeting")
router.register("briefings", papers.BriefingViewSet, basename="briefing")
router.register("tasks", papers.TaskViewSet, basename="task")
router.register("knowledge", upkeep.EntryViewSet, basename="entry")
router.register("templates", upkeep.TemplateViewSet, basename="template")
router.register("handovers", upkeep.HandoverViewSet, basename="handover")
router.register("petitions", petitions.PetitionViewSet, basename="petition")

docs = SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="shouyang/api_docs.html")

app_name = "api"
urlpatterns = [
    path("v1/rates/", RatesView.as_view(), name="rates"),
    path("v1/petitions/dispatch/", upkeep.ManyView.as_view(), name="petitions-dispatch"),
    path("v1/", include([*router.urls, *petitions.routes()])),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", login_required(docs), name="docs"),
    re_path("", Nothing.as_view(), name="nothing"),
]
