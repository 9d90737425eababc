"""The API's views: read the parameters, ask a selector, answer. Public, read-only, without cookies."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from waymark.access.guard import public, public_post
from waymark.coalition.models import Region
from waymark.directory.api import answers
from waymark.directory.api.description import describe
from waymark.directory.api.parameters import BadParameter, read
from waymark.directory.api.paths import Resource
from waymark.directory.selectors import lists
from waymark.directory.selectors.epoch import publication_epoch

View = Callable[..., HttpResponseBase]
READ = ("GET", "HEAD", "OPTIONS")
READ_OR_POST = ("GET", "HEAD", "OPTIONS", "POST")
EVERYTHING = 1_000_000


def answering(*methods: str) -> Callable[[View], View]:
    """Wrong methods get 405, bad parameters a sentence, everything else the view."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods:
                return answers.wrong_method(methods)
            if request.method == "OPTIONS":
                empty = HttpResponse(status=204)
                empty.headers["Allow"] = ", ".join(methods)
                return empty
            try:
                return view(request, *args, **kwargs)
            except BadParameter as problem:
                return answers.bad(problem)

        return answer

    return decorate


def base_url(request: HttpRequest) -> str:
    return request.build_absolute_uri("/hsds/")


@public
@answering(*READ)
def root(request: HttpRequest) -> HttpResponseBase:
    """What this API is: the standard's version, our profile, the description, who publishes it."""
    read(request, ())
    region = Region.objects.filter(pk=1).first()
    base = base_url(request)
    publisher = (region.host_name if region and region.host_checked_on else "") or (region.name if region else "")
    return answers.json_answer(
        {
            "version": "3.2",
            "profile": f"{base}profile/",
            "openapi_url": f"{base}openapi.json",
            "publisher": publisher or "Not set up yet",
            "data_guide": f"{base}profile/#guide",
        }
    )


@public
@answering(*READ)
def openapi(request: HttpRequest) -> HttpResponseBase:
    """The description of this API, made from the same tables that answer."""
    read(request, ())
    return answers.json_answer(describe(base_url(request)))


def list_view(resource: Resource) -> View:
    """The view of one list; its POST twin keeps the search out of addresses and logs."""

    @public_post
    @answering(*READ_OR_POST)
    def answer(request: HttpRequest) -> HttpResponseBase:
        values = read(request, resource.parameters)
        streamed = values.pop("format", "json") == "ndjson"
        if values.get("minimal") and "per_page" not in values:
            values["per_page"] = EVERYTHING
        query = lists.ListQuery(**values)
        epoch = publication_epoch()
        etag = answers.etag_of(request, epoch)
        if unchanged := answers.not_modified(request, etag):
            return unchanged
        if query.proximity and not query.postcode:
            nothing = lists.ListQuery(page=query.page, per_page=query.per_page, postcode="-")
            return answers.text_answer(
                lists.page(resource.object, nothing, epoch, "proximity needs a postcode: give both.")
            )
        if streamed:
            return StreamingHttpResponse(lists.stream(resource.object, query), content_type="application/x-ndjson")
        return answers.text_answer(lists.page(resource.object, query, epoch), etag if request.method != "POST" else "")

    return answer


def single_view(resource: Resource) -> View:
    """The view of one object, fully nested."""

    @public
    @answering(*READ)
    def answer(request: HttpRequest, key: str) -> HttpResponseBase:
        values = read(request, resource.single)
        try:
            epoch, text = lists.one(resource.object, uuid.UUID(key), **values)
        except ValueError:
            epoch, text = None, None
        if text is None:
            return answers.error(404, f"There is no {resource.object.replace('_', ' ')} with this id.")
        etag = answers.etag_of(request, epoch)
        return answers.not_modified(request, etag) or answers.text_answer(text, etag)

    return answer


@public
@answering(*READ, "POST", "PUT", "PATCH", "DELETE")
def unknown(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Any other address below /hsds/."""
    return answers.error(404, "There is nothing at this address. GET /hsds/ says where to begin.")
