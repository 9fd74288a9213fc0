"""Petitions over the API: the same rooms as the pages, through the same forms and verbs."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, re_path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from accounts.models import User
from accounts.notnow import NotNow
from grids.scope import holds
from petitions import intake
from petitions.dossier import open_dossier
from petitions.filters import PetitionFilter
from petitions.forms.action import ActionForm
from petitions.forms.actions import FORMS
from petitions.forms.register import CallForm
from petitions.models import Channel, Petition
from petitions.permissions import REGISTRARS
from petitions.serializers.actions import ActionSchema
from petitions.serializers.headers import IDEMPOTENCY_KEY, etag, person, submission_of, version_seen
from petitions.serializers.record import ChannelSerializer, PetitionRowSerializer, PetitionSerializer
from petitions.serializers.registration import RegisteredSerializer, RegistrationSerializer
from petitions.serializers.shapes import ACTIONS, SHAPES
from petitions.step import check
from petitions.timeleft import first_due, time_left
from petitions.views.attachments import download

NUMBER = "SG[0-9]{13,14}"
TAGS = ["诉求"]


@extend_schema_view(list=extend_schema(summary="渠道", tags=["基础数据"]))
class ChannelViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Channel]):
    queryset = Channel.objects.all()
    serializer_class = ChannelSerializer
    pagination_class = None


class PetitionViewSet(viewsets.GenericViewSet[Petition]):
    queryset = Petition.objects.none()  # tells the schema the model; every answer starts at `visible_to`
    serializer_class = PetitionSerializer
    filterset_class = PetitionFilter
    lookup_field = "number"
    lookup_value_regex = NUMBER

    def get_queryset(self) -> Any:
        return Petition.objects.visible_to(self.request.user)  # type: ignore[arg-type]

    @extend_schema(
        summary="诉求列表",
        description="您能看到的诉求，新登记的在前。facet 是命名清单，与网页和桌面上的数字同一口径。",
        tags=TAGS,
        responses=PetitionRowSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        rows = self.get_queryset().for_list().defer("place__boundary")
        page = self.paginate_queryset(self.filter_queryset(rows)) or []
        now = timezone.now()
        due = {pk: time_left(first, now) for pk, first in first_due([row.pk for row in page]).items()}
        context = {**self.get_serializer_context(), "due": due}
        return self.get_paginated_response(PetitionRowSerializer(page, many=True, context=context).data)

    @extend_schema(
        summary="诉求",
        description="诉求人已脱敏。actions 列出您现在可以做的事和各自需要的内容；ETag 是版本。",
        tags=TAGS,
    )
    def retrieve(self, request: Request, number: str) -> Response:
        return told(find(request, number), request)

    @extend_schema(
        summary="登记诉求",
        description="提交标识（Idempotency-Key 或 submission）相同的重复提交得到同一件诉求：首次 201，之后 200。"
        "查询码只在此处给出，请告知诉求人。",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=RegistrationSerializer,
        responses={200: RegisteredSerializer, 201: RegisteredSerializer},
    )
    def create(self, request: Request) -> Response:
        if not holds(person(request), *REGISTRARS.duties):
            raise PermissionDenied
        shape = RegistrationSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        said = dict(shape.validated_data)
        said["submission"] = submission_of(request, said.get("submission"))
        try:
            return told(take_call(said, by=person(request)), request, shape=RegisteredSerializer, status=201)
        except intake.SavedBefore as before:
            if not before.hers:
                raise NotNow("这个提交标识已被别人使用，请换一个。") from None
            return told(before.petition, request, shape=RegisteredSerializer)


@extend_schema(summary="下载附件", tags=TAGS, responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
class FileView(APIView):
    def get(self, request: Request, number: str, pk: str) -> FileResponse:
        return download(request._request, number, int(pk))  # type: ignore[arg-type]


class ActionView(APIView):
    """One class behind the address of every action."""

    verb = ""
    schema = ActionSchema()

    @property
    def shape(self) -> type[Serializer[Any]]:
        return SHAPES[self.verb]

    def post(self, request: Request, number: str) -> Response:
        petition, now = find(request, number), timezone.now()
        check(self.verb, petition, by=person(request), at=now)
        shape = self.shape(data=request.data)
        shape.is_valid(raise_exception=True)
        said = dict(shape.validated_data)
        seen = version_seen(request, said.pop("version", None))
        check(self.verb, petition, by=person(request), at=now, seen=seen)
        self._take(petition, said, seen)
        return told(find(request, number), request)

    def _take(self, petition: Petition, said: dict[str, Any], seen: int | None) -> None:
        form_class = FORMS.get(self.verb, ActionForm)
        if self.verb == "amend":  # what is not named stays as it was
            blank = form_class(petition=petition)
            said = {name: blank[name].value() for name in blank.fields} | said
        form = form_class(said | {"seen": seen}, said, petition=petition)
        refuse_unless_valid(form)
        form.take(self.verb, person(self.request))


def find(request: Request, number: str) -> Petition:
    petitions = Petition.objects.visible_to(person(request))
    return get_object_or_404(petitions.select_related("item", "unit", "contact_unit", "place"), number=number)


def take_call(said: dict[str, Any], photos: Sequence[UploadedFile] = (), *, by: User) -> Petition:
    form = CallForm(said, user=by)
    refuse_unless_valid(form)
    petition = form.petition()
    petition.longitude, petition.latitude = said.get("longitude"), said.get("latitude")
    return intake.take(petition, form.decision(), photos, by=by, at=timezone.now())


def refuse_unless_valid(form: Any) -> None:
    if not form.is_valid():
        raise ValidationError({name: [str(word) for word in words] for name, words in form.errors.items()})


def told(
    petition: Petition, request: Request, *, shape: type[PetitionSerializer] = PetitionSerializer, status: int = 200
) -> Response:
    now = timezone.now()
    petition.__dict__["dossier"] = open_dossier(petition, to=person(request), at=now)
    body = shape(petition, context={"request": request, "at": now, "number": petition.number}).data
    return Response(body, status=status, headers=etag(petition) | ({"Location": body["url"]} if status == 201 else {}))


def routes() -> list[URLPattern]:
    """An address for every action of the table that a person may choose."""
    one, json = f"petitions/(?P<number>{NUMBER})", api_settings.DEFAULT_PARSER_CLASSES
    return [
        re_path(
            rf"^petitions/(?P<number>{NUMBER})/files/(?P<pk>[0-9]{{1,9}})/$", FileView.as_view(), name="petition-file"
        ),
        *(
            re_path(
                rf"^{one}/{action}/$",
                ActionView.as_view(verb=action, parser_classes=[MultiPartParser] if action == "attach" else json),
                name=f"petition-{action}",
            )
            for action in ACTIONS
        ),
    ]
