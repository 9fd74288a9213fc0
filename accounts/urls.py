from django.urls import path

from accounts.views import account

app_name = "accounts"
urlpatterns = [
    path("", account.me, name="me"),
    path("inbox/", account.inbox, name="inbox"),
    path("inbox/read/", account.read_all, name="read_all"),
    path("inbox/<int:pk>/", account.open_notice, name="open_notice"),
    path("keys/", account.keys, name="keys"),
    path("keys/<int:pk>/revoke/", account.revoke_key, name="revoke_key"),
    path("sessions/<int:pk>/end/", account.end_session, name="end_session"),
]
