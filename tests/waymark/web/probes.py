"""Pages that exist only in tests: each writes a row for the acting agency, and then something goes wrong."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path

from waymark.access.context import acting_for, current_context
from waymark.access.guard import requires
from waymark.access.permissions import Permission
from waymark.config.urls_staff import handler400, handler403, handler404, handler500
from waymark.config.urls_staff import urlpatterns as staff_urls

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def write(code: str = "written") -> None:
    context = current_context()
    assert context is not None
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO walled_case VALUES (gen_random_uuid(), %s, %s)", [context.agency, code])


def codes() -> Iterator[str]:
    """Read when the template asks, not before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM walled_case ORDER BY code")
        yield from (code for (code,) in cursor.fetchall())


def template(text: str) -> Any:
    return engines["django"].from_string(text)


@requires(Permission.STAFF_HOME_VIEW)
def fine(request: HttpRequest) -> HttpResponse:
    write()
    return HttpResponse("written")


@requires(Permission.STAFF_HOME_VIEW)
def raises(request: HttpRequest, what: str) -> HttpResponse:
    write()
    messages.success(request, "All is saved.")
    request.session["planted"] = True
    errors = {"fault": RuntimeError, "absent": Http404, "denied": PermissionDenied, "suspicious": SuspiciousOperation}
    raise errors[what]("after writing")


@requires(Permission.STAFF_HOME_VIEW)
def following(request: HttpRequest) -> HttpResponse:
    """What the page after it says and knows."""
    said = " ".join(str(message) for message in messages.get_messages(request))
    return HttpResponse(f"said: {said} planted: {'planted' in request.session}".replace("  ", " "))


@requires(Permission.STAFF_HOME_VIEW)
def answers(request: HttpRequest, status: int) -> HttpResponse:
    write()
    messages.success(request, "All is saved.")
    return HttpResponse("no", status=status)


@requires(Permission.STAFF_HOME_VIEW)
def lazy(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, template("{% for code in codes %}{{ code }};{% endfor %}"), {"codes": codes()})


@requires(Permission.STAFF_HOME_VIEW)
def breaks_while_rendering(request: HttpRequest) -> HttpResponse:
    def fail() -> str:
        raise RuntimeError("while the page was written")

    write()
    return TemplateResponse(request, template("begun {{ fail }}"), {"fail": fail})


@requires(Permission.STAFF_HOME_VIEW)
def streams(request: HttpRequest) -> HttpResponseBase:
    write()
    return StreamingHttpResponse(codes())


@requires(Permission.STAFF_HOME_VIEW)
def sends_file(request: HttpRequest) -> HttpResponseBase:
    write()
    return FileResponse(iter([b"ours"]))


@requires(Permission.STAFF_HOME_VIEW)
def doubles(request: HttpRequest) -> HttpResponse:
    """Breaks a unique key, in the view."""
    write()
    write()
    return HttpResponse("twice")


@requires(Permission.STAFF_HOME_VIEW)
def points(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Breaks a foreign key, which shows when the transaction commits, after the page was written."""
    write()
    messages.success(request, "All is saved.")
    request.session["planted"] = True
    context = current_context()
    assert context is not None
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO walled_note VALUES (gen_random_uuid(), %s, %s, 'x')", [context.agency, case])
    return HttpResponse("pointed")


@requires(Permission.STAFF_HOME_VIEW)
def acts_for_another(request: HttpRequest, agency: uuid.UUID) -> HttpResponse:
    write()
    with acting_for(agency, uuid.uuid4()):
        write()
    return HttpResponse("both")


urlpatterns = [
    path("probe/fine/", fine),
    path("probe/next/", following),
    path("probe/raises/<str:what>/", raises),
    path("probe/answers/<int:status>/", answers),
    path("probe/lazy/", lazy),
    path("probe/breaks/", breaks_while_rendering),
    path("probe/streams/", streams),
    path("probe/sends-file/", sends_file),
    path("probe/doubles/", doubles),
    path("probe/points/<uuid:case>/", points),
    path("probe/acts-for/<uuid:agency>/", acts_for_another),
    *staff_urls,
]
