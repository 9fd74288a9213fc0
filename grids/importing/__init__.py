"""Homes out of spreadsheets: read, checked line by line, sealed and staged, then brought in as one piece."""
