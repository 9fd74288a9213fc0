from accounts.models.access import Access
from accounts.models.channel import Channel
from accounts.models.delivery import Delivery
from accounts.models.export import Export
from accounts.models.knock import Knock
from accounts.models.notice import Notice
from accounts.models.seal import Seal, SealCheck
from accounts.models.unit import Unit
from accounts.models.user import ApiKey, User

__all__ = ["Access", "ApiKey", "Channel", "Delivery", "Export", "Knock", "Notice", "Seal", "SealCheck", "Unit", "User"]
