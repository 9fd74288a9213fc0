"""How numbers are written where a template groups them: 12,345, as everywhere else in the portal."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
