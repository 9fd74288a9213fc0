"""Official papers beside a petition: meetings, briefings to leaders, and the tasks that come of both."""
