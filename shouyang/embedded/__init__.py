"""PostgreSQL and Valkey out of Python packages, for trying and testing the portal where no server is installed."""
