"""The failure of a message that was to leave the portal."""


class Unsent(Exception):
    """Says why in Chinese words without personal data, address or token: they are stored and shown."""
