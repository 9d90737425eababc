"""Help lines: the list, one line, proposing and changing it, putting it up by two and taking it down by one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.directory import policies
from waymark.directory.actions import help_lines as actions
from waymark.directory.forms.checks import PutUpForm, VerifyLineForm
from waymark.directory.forms.help_lines import HelpLineForm, TakeDownForm
from waymark.directory.models import HelpLine, PendingChange
from waymark.directory.policies import Refused
from waymark.directory.selectors import changes, help_lines, history
from waymark.directory.selectors.help_lines import snapshot
from waymark.directory.views.doors import form_page, refuse, say, url_of
from waymark.pages.listing import Ask, Filter, Listing

STATE = Filter("state", "State", HelpLine.State.choices)
DUE = Filter("due", "Check again", [("past", "Past the date"), ("soon", "Within two weeks")])
TRAIL = "Help lines"


def _line(slug: str) -> HelpLine:
    line = help_lines.all_lines().filter(slug=slug).first()
    if line is None:
        raise Http404
    return line


def _name(line: HelpLine) -> str:
    return str(line.name.get("en") or line.slug)


def _trail(line: HelpLine | None = None) -> list[tuple[str, str]]:
    steps = [(TRAIL, reverse("directory:help_line_list"))]
    if line is not None:
        steps.append((_name(line), url_of("help_line", line.slug)))
    return steps


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_safe
def help_line_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATE, DUE])
    today = timezone.localdate()
    rows = help_lines.lines_listed(words=ask.words, state=ask.answer("state"), due=ask.answer("due"), on=today)
    return render(
        request,
        "directory/help_line_list.html",
        {
            "title": "Help lines",
            "lead": "One person takes a wrong line down at once. Putting one up takes two.",
            "listing": Listing(ask, rows),
            "search_label": "Search by name, number or who answers",
            "primary_url": reverse("directory:help_line_add") if policies.may_propose_line(request.user) else "",
            "primary_label": "Propose a line",
            "today": today,
        },
    )


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_safe
def help_line_detail(request: StaffRequest, slug: str) -> HttpResponse:
    line = _line(slug)
    ids = [line.pk]
    return render(
        request,
        "directory/help_line_detail.html",
        {
            "title": _name(line),
            "line": line,
            "trail": _trail(),
            "may_put_up": policies.may_put_up(request.user, line),
            "may_take_down": policies.may_take_down(request.user, line),
            "may_propose": policies.may_propose_line(request.user),
            "is_fixed": policies.is_fixed(line),
            "waits_for_second": line.state == HelpLine.State.PROPOSED and line.proposed_by_id == request.user.pk,
            "put_up_form": PutUpForm(initial={"seen": actions.fingerprint(line)}),
            "waiting": changes.described(
                changes.all_changes().filter(entity="help_line", entity_id=line.pk, state=PendingChange.State.WAITING)
            ),
            "history": history.history_of(ids),
            "today": timezone.localdate(),
        },
    )


@requires(Permission.HELP_LINE_PUT_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def help_line_add(request: StaffRequest) -> HttpResponse:
    today = timezone.localdate()
    initial = {"verified_on": today, "verified_by": request.user.display_name}
    form = HelpLineForm(request.POST if request.method == "POST" else None, ways=2, initial=initial)
    draft = "help_line:new"
    if form.is_bound and form.is_valid():
        try:
            line = actions.propose_line(data=form.line_data(), by=request.user)
        except Refused as error:
            form.add_error("way0_value", str(error))
        else:
            say(request, "Proposed. Nobody sees it until a second person puts it up.", saved=draft)
            return redirect("directory:help_line_detail", line.slug)
    return form_page(
        request,
        form,
        title="Propose a help line",
        lead="A second person compares it with its source and puts it up.",
        button="Propose this line",
        draft_key=draft,
        trail=_trail(),
        cancel_url=reverse("directory:help_line_list"),
    )


@requires(Permission.HELP_LINE_PUT_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def help_line_edit(request: StaffRequest, slug: str) -> HttpResponse:
    line = _line(slug)
    before: Any = snapshot(line)
    url = url_of("help_line", slug)
    draft = f"help_line:{line.pk}"
    bound = request.POST if request.method == "POST" else None
    form = HelpLineForm(bound, ways=len(before["channels"]), initial=HelpLineForm.initial_for(before))
    if form.is_bound and form.is_valid():
        data = form.line_data(before)
        if data == before:
            say(request, "Nothing was changed.", saved=draft)
            return redirect(url)
        try:
            result = actions.change_line(
                line=line, data=data, reason=form.cleaned_data["reason"] or "Changed help line", by=request.user
            )
        except Refused as error:
            form.add_error("way0_value", str(error))
        else:
            waits = isinstance(result, PendingChange)
            text = "Your change waits. The line stays as it is until a colleague has checked it."
            say(request, text if waits else "Proposed. A second person puts it up.", saved=draft)
            return redirect(url)
    return form_page(
        request,
        form,
        title=f"Change {_name(line)}",
        lead="The line stays as it is until a second person has compared your change with the source.",
        button="Send to a colleague to check",
        draft_key=draft,
        trail=_trail(line),
        cancel_url=url,
    )


@requires(Permission.HELP_LINE_PUT_UP)
@require_POST
def help_line_put_up(request: StaffRequest, slug: str) -> HttpResponse:
    line = _line(slug)
    url = url_of("help_line", slug)
    form = PutUpForm(request.POST)
    if not form.is_valid():
        return refuse(request, Refused(form.troubles()[0].text), url)
    try:
        actions.put_up(line=line, seen=form.cleaned_data["seen"], by=request.user)
    except Refused as error:
        return refuse(request, error, url)
    say(request, f"{_name(line)} is up. Everyone sees it now.")
    return redirect(url)


@requires(Permission.HELP_LINE_PUT_UP)
@require_POST
def help_line_propose_again(request: StaffRequest, slug: str) -> HttpResponse:
    line = _line(slug)
    url = url_of("help_line", slug)
    try:
        actions.propose_again(line=line, by=request.user)
    except Refused as error:
        return refuse(request, error, url)
    say(request, "Proposed again. A second person puts it up.")
    return redirect(url)


@requires(Permission.HELP_LINE_TAKE_DOWN)
@require_http_methods(["GET", "HEAD", "POST"])
def help_line_take_down(request: StaffRequest, slug: str) -> HttpResponse:
    line = _line(slug)
    url = url_of("help_line", slug)
    form = TakeDownForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.take_down(line=line, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as error:
            return refuse(request, error, url)
        say(request, f"{_name(line)} is down. Nobody sees it. To put it back, propose it again.")
        return redirect(url)
    if not policies.may_take_down(request.user, line):
        try:
            policies.must_take_down(request.user, line)
        except Refused as error:
            return refuse(request, error, url)
    return form_page(
        request,
        form,
        template="pages/confirm_page.html",
        title=f"Take {_name(line)} down?",
        consequences=[
            "It disappears from every page at once. You need no second person for this.",
            "Copies that people keep on a phone show it until they are online again.",
            "To put it back, one person proposes it again and a second person puts it up.",
        ],
        button="Take it down now",
        is_grave=True,
        trail=_trail(line),
        cancel_url=url,
        cancel_label="Leave it up",
    )


@requires(Permission.HELP_LINE_PUT_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def help_line_verify(request: StaffRequest, slug: str) -> HttpResponse:
    line = _line(slug)
    url = url_of("help_line", slug)
    initial = {"source": line.source, "verified_on": timezone.localdate()}
    form = VerifyLineForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        actions.verify_line(
            line=line,
            source=data["source"],
            verified_on=data["verified_on"],
            review_on=data["review_on"],
            by=request.user,
        )
        say(request, f"Marked as checked: {_name(line)}.")
        return redirect(url)
    return form_page(
        request,
        form,
        title=f"Mark {_name(line)} as checked",
        lead="Only when everything is as we show it. If a number, the hours or the operator changed, change the line.",
        button="Mark as checked",
        trail=_trail(line),
        cancel_url=url,
    )
