"""Supervision: the effect of the ladder that issues a notice, a briefing and a topic, and the clocks of the notices."""

from petitions.supervision.issuing import LAST, PROPOSAL, Asked, Origin, after, report, sign_draft, supervise
from petitions.supervision.ringing import ring_due

__all__ = ["LAST", "PROPOSAL", "Asked", "Origin", "after", "report", "ring_due", "sign_draft", "supervise"]
