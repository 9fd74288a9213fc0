"""PostgreSQL and Valkey out of Python packages, for trying and testing the portal where no server is installed."""

from shouyang.embedded.servers import Servers, running

__all__ = ["Servers", "running"]
