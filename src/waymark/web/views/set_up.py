"""The first-run pages: step 1, the first coordinator; step 2, a second factor (accounts); step 3, the region.

Step 3 stays as the region's settings page.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, public, requires
from waymark.access.permissions import Permission
from waymark.accounts.selectors import has_coordinator
from waymark.accounts.views.signing import start_pending
from waymark.coalition.formats import Center
from waymark.coalition.selectors import postal_areas_in_region, the_region
from waymark.web import set_up
from waymark.web.forms import FirstCoordinatorForm, RegionForm

CENTERS_TYPED = "Typed or sent at set-up"


@public
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def first_coordinator(request: HttpRequest) -> HttpResponse:
    """Whoever started this installation makes the first account. Afterwards the page is not there."""
    if has_coordinator():
        raise Http404
    form = FirstCoordinatorForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            user = set_up.create_first_coordinator(**form.cleaned_data)
        except set_up.NotFirst as late:
            raise Http404 from late
        except ValidationError as error:
            form.add_error(None, error)
        else:
            # The set-up code and the new password are the first step; a second factor comes before anything else.
            start_pending(request, user, factor="password", wanted=reverse("region_settings"))
            return redirect("second_step")
    context = {
        "form": form,
        "title": "Set up your region",
        "lead": "Step 1 of 3. Make the account of the first person: coordinator of the region, and administrator of this "
        "installation until others are.",
        "button": "Go on to the second step",
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)


@requires(Permission.REGION_SET_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def region_settings(request: StaffRequest) -> HttpResponse:
    """What the region is and how its help page looks; at first as step 3 of the set-up, later to change it."""
    region = the_region()
    centers = [Center(area.code, area.latitude, area.longitude) for area in postal_areas_in_region()]
    form = RegionForm(request.POST or None, request.FILES or None, region=region, centers=centers)
    if form.is_bound and form.is_valid():
        set_up.set_up(
            values=form.values(),
            centers=form.centers,
            source=CENTERS_TYPED,
            lines=set(form.cleaned_data.get("lines", [])),
            by=request.user,
        )
        done = "Saved." if region else "Your region is set up. Next: add local help lines, then import or write listings."
        messages.success(request, done, extra_tags="region")
        return redirect("staff_home")
    context = {
        "form": form,
        "title": "Region" if region else "Set up your region",
        "lead": "" if region else "Step 3 of 3. You can change all of this later, under Region.",
        "button": "Save" if region else "Set up the region",
        "draft_key": "region",
    }
    return render(request, "web/region_settings.html", context, status=422 if form.is_bound else 200)
