"""How a story goes through the portal: people sit down at their desks, read pages and send forms, and nothing else."""

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from petitions.models import Petition
from tests.cast import XIANGYANG_1

TOLD = re.compile(r"已登记 (SG\d{13})，查询码 (\w{6})")


@dataclass
class Door:
    """One browser: what it shows, and what is sent from it."""

    client: Client = field(default_factory=Client)

    def reads(self, address: str) -> str:
        answer = self.client.get(address, follow=True)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.content.decode()

    def sends(self, address: str, /, **words: Any) -> str:
        answer = self.client.post(address, words, follow=True)
        assert answer.redirect_chain, answer.content.decode()
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.content.decode()

    def is_refused(self, address: str, /, **words: Any) -> int:
        answer = self.client.post(address, words) if words else self.client.get(address)
        assert answer.status_code >= 400, (address, answer.status_code)
        return answer.status_code


@dataclass
class Desk(Door):
    """Somebody of the cast, signed in with one click."""

    def does(self, action: str, petition: Petition, **words: Any) -> str:
        return self.sends(f"/petitions/{petition.number}/do/{action}/", **words)

    def sees(self, petition: Petition) -> str:
        return self.reads(f"/petitions/{petition.number}/")

    def keeps(self, **words: str) -> str:
        """Writes an entry of the knowledge base; the reviewer checks it, and calls may be answered by its title."""
        self.sends("/knowledge/new/", **{"source": "养护办法（示例）", "valid_from": "2026-01-01"} | words)
        number = re.search(r"/knowledge/(\d+)/", at_the_desk_of("reviewer").reads("/knowledge/?tab=unchecked"))
        assert number
        at_the_desk_of("reviewer").sends(f"/knowledge/{number[1]}/check/")
        return words["title"]

    def writes_down(self, **words: Any) -> Petition:
        """Fills the call form and saves it; what the page then tells is enough to find the petition again."""
        form = {
            "submission": str(uuid.uuid4()),
            "caller_phone": "12000000001",
            "caller_name": "王秀英",
            "content": "向阳社区门口的烧烤店把桌子摆到人行道上，晚上走不过去。",
            "address": "圣城街道向阳社区第1网格",
            "place": XIANGYANG_1,
            "item": "A02",
            "nature": "complaint",
            "channel": "12345",
            "next": "dispatch",
        } | words
        told = TOLD.search(self.sends("/petitions/new/", **form))
        assert told
        return Petition.objects.get(number=told[1], lookup_code=told[2])


def at_the_desk_of(username: str) -> Desk:
    desk = Desk()
    desk.client.post("/demo/enter/", {"username": username})
    return desk


@dataclass
class Resident(Door):
    """Nobody signed in: number and code open the petition."""

    def looks_up(self, petition: Petition) -> str:
        return self.sends("/public/look-up/", number=petition.number, code=petition.lookup_code)

    def says(self, what: str, **words: Any) -> str:
        return self.sends(f"/public/petition/{what}/", **words)
