"""How the record of homes is kept: what is collected, brought in, and erased when its time is over."""

from django.urls import path

from grids.views import erasing, fields, importing, taking

app_name = "keeping"
urlpatterns = [
    path("fields/", fields.page, name="fields"),
    path("export/", taking.page, name="exports"),
    path("import/", importing.page, name="imports"),
    path("import/template.xlsx", importing.template, name="import_template"),
    path("import/<int:pk>/", importing.one, name="import"),
    path("import/<int:pk>/progress/", importing.progress, name="import_progress"),
    path("import/<int:pk>/check/", importing.check, name="import_check"),
    path("import/<int:pk>/go/", importing.go, name="import_go"),
    path("import/<int:pk>/let-go/", importing.let_go, name="import_let_go"),
    path("import/<int:pk>/lines/", importing.lines, name="import_lines"),
    path("import/<int:pk>/report/", importing.report, name="import_report"),
    path("retention/", erasing.page, name="erasures"),
    path("retention/<int:pk>/", erasing.one, name="erasure"),
]
