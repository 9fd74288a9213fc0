"""No gap, no overlap, full coverage (domain §3.8): what each check finds, as rows that each lead somewhere."""

from grids.checks.check import HINT, MUST, SHOULD, Check, Found
from grids.checks.running import CHECKS, check_what_was_asked, nightly, run

__all__ = ["CHECKS", "HINT", "MUST", "SHOULD", "Check", "Found", "check_what_was_asked", "nightly", "run"]
