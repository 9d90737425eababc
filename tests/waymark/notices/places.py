"""Where the addresses of one's own notices lead. None names a notice: the forms do, and only among one's own."""

from __future__ import annotations

from tests.plugins.places import no_object

PLACES = {
    "notices:letters": no_object(data={"when": "never"}),
    "notices:list": no_object(),
    "notices:open": no_object(data={"kind": "task.waits", "path": "/"}),
    "notices:read": no_object(data={"kind": "task.waits", "path": "/"}),
    "notices:read_all": no_object(),
    "notices:unread": no_object(data={"marked_at": "2026-01-01T00:00:00+00:00"}),
}
