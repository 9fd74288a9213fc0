"""`make bench`: each measurement prints ours, a reference measured in the same run, and the ratio."""
