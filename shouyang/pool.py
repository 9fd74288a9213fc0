"""A connection that the pool may look at before it hands it out, instead of asking the server each time."""

import select
from typing import Any

import psycopg


class Connection(psycopg.Connection[Any]):
    """The pool checks with an empty statement, at every request a way to the server and back (`make bench`).

    A server that went away, or that ends a connection, says so: then there is something to read where nothing was
    asked. Only such a connection is really asked.
    """

    def execute(self, query: Any, *args: Any, **options: Any) -> psycopg.Cursor[Any]:
        if query == "" and not self._has_something_to_say():
            return self.cursor()
        return super().execute(query, *args, **options)

    def _has_something_to_say(self) -> bool:
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        return bool(poll.poll(0))
