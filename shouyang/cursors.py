"""Lists of the API, page by page: the cursor is signed, so that nobody can send one that was not given out."""

from django.core import signing
from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param


class SignedCursorPagination(CursorPagination):
    request: Request
    page_size = 50
    page_size_query_param = "page_size"
    page_size_query_description = "每页条数，最多 200"
    cursor_query_description = "上一页答复里 next 或 previous 给出的游标"
    max_page_size = 200

    def get_ordering(self, request: Request, queryset: QuerySet, view: object) -> tuple[str, ...]:
        return tuple(queryset.query.order_by or queryset.model._meta.ordering)

    def decode_cursor(self, request: Request) -> Cursor | None:
        token = request.query_params.get(self.cursor_query_param)
        if not token:
            return None
        try:
            return Cursor(*signing.loads(token, salt=self._salt(request)))
        except signing.BadSignature:
            raise ValidationError({self.cursor_query_param: "游标无效，请从第一页重新开始。"}) from None

    def encode_cursor(self, cursor: Cursor) -> str:
        token = signing.dumps(tuple(cursor), salt=self._salt(self.request))
        return str(replace_query_param(self.base_url or "", self.cursor_query_param, token))

    def _salt(self, request: Request) -> str:
        return f"cursor:{request.path}"  # a cursor of one list means nothing to another
