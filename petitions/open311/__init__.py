"""The city as other cities' software knows it: Open311 GeoReport v2."""
