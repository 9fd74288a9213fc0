"""The addresses of GeoReport v2, each in JSON and in XML."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from petitions.open311 import views


class FormConverter(StringConverter):
    regex = "json|xml"


register_converter(FormConverter, "georeport")

urlpatterns = [
    path("services.<georeport:form>", views.services),
    path("services/<str:code>.<georeport:form>", views.definition),
    path("requests.<georeport:form>", views.requests),
    path("requests/<str:number>.<georeport:form>", views.one),
    path("tokens/<str:token>.<georeport:form>", views.token),
    path("<path:path>", views.nothing),
    path("", views.nothing),
]
