"""The addresses of the petitions."""

from django.urls import path

from petitions.views import attachments, petition, public, register, tray
from petitions.views import list as listing

app_name = "petitions"

urlpatterns = [
    path("petitions/", listing.page, name="list"),
    path("petitions/fields/", listing.fields, name="fields"),
    path("petitions/export/", listing.export, name="export"),
    path("petitions/new/", register.register, name="register"),
    path("petitions/new/hints/", register.hints, name="hints"),
    path("petitions/new/draft/", register.draft, name="draft"),
    path("petitions/new/discard/", register.discard, name="discard"),
    path("petitions/tray/", tray.page, name="tray"),
    path("petitions/<str:number>/", petition.detail, name="detail"),
    path("petitions/<str:number>/do/<slug:action>/", petition.act, name="act"),
    path("petitions/<str:number>/files/<int:pk>/", attachments.download, name="attachment"),
    path("petitions/<str:number>/unmask/", petition.unmask, name="unmask"),
    path("public/", public.look_up, name="public"),
    path("public/petition/", public.show, name="public_petition"),
    path("public/petition/not-solved/", public.not_solved, name="public_not_solved"),
    path("public/petition/rate/", public.rate, name="public_rate"),
    path("public/type-size/", public.type_size, name="public_type_size"),
    path("public/leave/", public.leave, name="public_leave"),
]
