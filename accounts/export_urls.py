from django.urls import path

from accounts.views import exports

app_name = "exports"
urlpatterns = [
    path("", exports.mine, name="mine"),
    path("of/<slug:name>/", exports.take, name="take"),
    path("<int:pk>/", exports.one, name="one"),
    path("<int:pk>/progress/", exports.progress, name="progress"),
    path("<int:pk>/file/", exports.file, name="file"),
    path("<int:pk>/decide/", exports.decide, name="decide"),
    path("<int:pk>/let-go/", exports.let_go, name="let_go"),
]
