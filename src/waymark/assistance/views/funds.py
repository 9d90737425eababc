"""An agency's funds: what there is, what moved, what came in."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.assistance.actions.funds import add_fund, change_fund, enter_receipt, take_back_receipt
from waymark.assistance.formats.amounts import dollars
from waymark.assistance.forms.funds import FundForm, ReceiptForm
from waymark.assistance.models import CATEGORIES, CHANGEABLE, Fund
from waymark.assistance.policies.who import VIEW
from waymark.assistance.selectors import funds
from waymark.assistance.views.requests import done_by
from waymark.pages.listing import Ask, Filter, ReadOnce
from waymark.pages.questions import PlainForm
from waymark.people.policies import holds

KEEP = Permission.ASSISTANCE_FUND_KEEP
FILTERS = [Filter("when", "When", [("now", "Can be asked of now"), ("over", "Over, or not yet")])]
LIST = "assistance:fund_list"


def fund_or_404(request: StaffRequest, pk: uuid.UUID) -> Fund:
    found = funds.fund_for(pk, to=request.user)
    if found is None:
        raise Http404
    return found


def _form_page(request: StaffRequest, form: object, fund: Fund | None, title: str, **context: object) -> HttpResponse:
    trail = [("Money", reverse("assistance:list")), ("Funds", reverse(LIST))]
    cancel = reverse(LIST)
    if fund is not None:
        cancel = reverse("assistance:fund_detail", args=[fund.pk])
        trail.append((fund.name, cancel))
    status = 422 if getattr(form, "errors", None) else 200
    page = {"form": form, "title": title, "trail": trail, "cancel_url": cancel, **context}
    return render(request, "assistance/fund_form.html", page, status=status)


@requires(VIEW)
@require_safe
def fund_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, FILTERS)
    today = funds.today()
    rows = funds.funds_listed(request.user, words=ask.words, when=ask.answer("when"), on=today)
    context = {
        "title": "Funds",
        "listing": ReadOnce(ask, rows),
        "search_label": "Search by name or giver",
        "primary_url": reverse("assistance:fund_new") if holds(request.user, KEEP) else "",
        "primary_label": "Add a fund",
        "today": today,
        "trail": [("Money", reverse("assistance:list"))],
    }
    return render(request, "assistance/fund_list.html", context)


@requires(VIEW)
@require_safe
def fund_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Every movement stands here, so that the sums can be checked. Of which case it is stands nowhere on this page."""
    found = funds.fund_with_changes(pk, to=request.user)
    if found is None:
        raise Http404
    fund, changes = found
    names = dict(CATEGORIES)
    context = {
        "title": fund.name,
        "fund": fund,
        "categories": [names[code] for code in fund.categories],
        "listing": ReadOnce(Ask(request.GET), funds.entries_of(fund, to=request.user)),
        "changes": changes,
        "may_keep": holds(request.user, KEEP),
        "trail": [("Money", reverse("assistance:list")), ("Funds", reverse(LIST))],
    }
    return render(request, "assistance/fund_detail.html", context)


@requires(KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def fund_new(request: StaffRequest) -> HttpResponse:
    form = FundForm(request.POST if request.method == "POST" else None, initial={"starts_on": funds.today()})
    made: list[Fund] = []
    if done_by(request, form, lambda _: made.append(add_fund(values=form.cleaned_data, by=request.user))):
        messages.success(request, "Added. Write down what came in.")
        return redirect("assistance:fund_detail", made[0].pk)
    return _form_page(request, form, None, "Add a fund", button="Add it")


@requires(KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def fund_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    fund = fund_or_404(request, pk)
    initial = {name: getattr(fund, name) for name in (*CHANGEABLE, "starts_on")}
    form = FundForm(request.POST if request.method == "POST" else None, initial=initial, is_new=False)
    if done_by(request, form, lambda _: change_fund(fund=fund, values=form.cleaned_data, by=request.user)):
        messages.success(request, "Saved.")
        return redirect("assistance:fund_detail", fund.pk)
    return _form_page(request, form, fund, f"Change {fund.name}")


@requires(KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    fund = fund_or_404(request, pk)
    form = ReceiptForm(request.POST if request.method == "POST" else None)

    def act(_: object) -> None:
        enter_receipt(fund=fund, amount=form.cleaned_data["amount"], note=form.cleaned_data["note"], by=request.user)

    if done_by(request, form, act):
        messages.success(request, f"{dollars(form.cleaned_data['amount'])} came in.")
        return redirect("assistance:fund_detail", fund.pk)
    return _form_page(request, form, fund, "Money came in", button="It came in")


@requires(KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_back(request: StaffRequest, pk: uuid.UUID, entry: uuid.UUID) -> HttpResponse:
    fund = fund_or_404(request, pk)
    row = funds.receipt_for(fund, entry)
    if row is None:
        raise Http404
    form = PlainForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda _: take_back_receipt(fund=fund, entry=row.pk, by=request.user)):
        messages.success(request, "Taken back. Both entries stay written.")
        return redirect("assistance:fund_detail", fund.pk)
    says = [f"That {dollars(row.amount)} came in is taken back by an entry of its own. Both stay written."]
    return _form_page(
        request, form, fund, "Written down by mistake?", consequences=says, button="Take it back", cancel_label="Keep it"
    )
