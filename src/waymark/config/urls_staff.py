"""The staff site: behind sign-in."""

from django.urls import URLPattern, URLResolver, include, path

from waymark.access.installation import coalition_path
from waymark.web import views as web

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", web.healthz, name="healthz"),
    path("", web.staff_home, name="staff_home"),
    path("waiting/", web.home_part, {"part": "waiting"}, name="home_waiting"),
    path("changed/", web.home_part, {"part": "changed"}, name="home_changed"),
    path("next/", web.home_part, {"part": "next"}, name="home_next"),
    path("search/", web.search, name="search"),
    path("keyboard/", web.keyboard_shortcuts, name="keyboard_shortcuts"),
    path("", include("waymark.accounts.urls")),
    path("directory/", include("waymark.directory.urls.staff")),
    path("mail/", include("waymark.disclosures.urls")),
    path("notices/", include("waymark.notices.urls")),
    coalition_path("diversion/", include("waymark.diversion.urls")),
    coalition_path("operations/", include("waymark.operations.urls")),
    path("law/", include("waymark.law.urls")),
    path("cases/", include("waymark.cases.urls")),
    path("obligations/", include("waymark.obligations.urls")),
    path("assistance/", include("waymark.assistance.urls")),
    path("relief/", include("waymark.relief.urls")),
    path("sharing/", include("waymark.consent.urls")),
    path("people/", include("waymark.people.urls")),
    coalition_path("referrals/", include("waymark.referrals.urls")),
    path("reports/", include("waymark.reports.urls")),
    coalition_path("council/", include("waymark.council.urls.staff")),
    path("vault/", include("waymark.vault.urls")),
    path("audit/", include("waymark.audit.urls")),
    coalition_path("newsroom/", include("waymark.newsroom.urls.staff")),
    path("words/", web.public_words, name="public_words"),
    path("region/set-up/", web.first_coordinator, name="first_coordinator"),
    path("region/settings/", web.region_settings, name="region_settings"),
    coalition_path("", include("waymark.coalition.urls")),
]

handler400 = "waymark.web.views.bad_request"
handler403 = "waymark.web.views.forbidden"
handler404 = "waymark.web.views.not_found"
handler500 = "waymark.web.views.server_error"
