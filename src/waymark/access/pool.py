"""A connection goes back to the pool as it came out of it: nothing of one agency's page is left for the next.

The signed context dies with its transaction. But SQL that slipped into one page could leave other things on the connection:
a temporary table with a real table's name, which is found first and stands behind no wall, so that the next agency's page
would write its rows there; a held cursor, a prepared statement, a search path. All of it is thrown away.
"""

from __future__ import annotations

from typing import Any

from psycopg import Connection


def forget(connection: Connection[Any]) -> None:
    """For psycopg's pool to call when a connection comes back; one that cannot forget is closed by the pool."""
    connection.autocommit = True
    connection.execute("DISCARD ALL")
