"""How an action is described in the schema: its words come from the table of rules."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from grids.models import Duty
from petitions.models import Status
from petitions.rules import RULES
from petitions.serializers.headers import IF_MATCH
from petitions.serializers.record import PetitionSerializer


class ActionSchema(AutoSchema):
    view: Any  # petitions.api.ActionView

    def get_operation_id(self) -> str:
        return f"petitions_{self.view.verb}"

    def get_summary(self) -> str:
        return RULES[self.view.verb].label

    def get_description(self) -> str:  # type: ignore[override]
        rule = RULES[self.view.verb]
        duties = dict.fromkeys(Duty(duty).label for party in rule.who for duty in party.duties)
        sources = [Status(status).label for status in rule.sources]
        leads = f"之后为“{rule.target.label}”。" if rule.target else ""
        return f"职责：{'、'.join(duties)}。可在以下状态办理：{'、'.join(sources)}。{leads}"

    def get_tags(self) -> list[str]:
        return ["诉求办理"]

    def get_override_parameters(self) -> list[Any]:
        return [IF_MATCH]

    def get_request_serializer(self) -> Any:
        return self.view.shape

    def get_response_serializers(self) -> Any:
        return {200: PetitionSerializer}
