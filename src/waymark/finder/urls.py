"""Addresses of the finder. Neutral on purpose: an address in a phone's history must not say what was read."""

from django.urls import URLPattern, URLResolver, path, register_converter

from waymark.finder.content import languages
from waymark.finder.views import finding, keeping, leaving, pages, reading


class LanguageCode:
    """The code of an offered language at the start of an address."""

    regex = "|".join(each.code for each in languages() if each.is_complete)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LanguageCode, "language")

app_name = "finder"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.entrance, name="entrance"),
    path("out/", leaving.leave, name="leave"),
    path("worker.js", keeping.worker, name="worker"),
    path("remove/", keeping.remove, name="remove"),
    path("<language:code>/", pages.door, name="door"),
    path("<language:code>/now/", pages.danger, name="danger"),
    path("<language:code>/now/show/", pages.message, name="message"),
    path("<language:code>/find/", finding.find, name="find"),
    path("<language:code>/find/all/", finding.everything, name="everything"),
    path("<language:code>/find/<slug:key>/", finding.need_results, name="results"),
    path("<language:code>/list/", finding.search, name="search"),
    path("<language:code>/s/<uuid:service_id>/", finding.service, name="service"),
    path("<language:code>/s/<uuid:service_id>/card/", finding.card, name="card"),
    path("<language:code>/s/<uuid:service_id>/wrong/", finding.report, name="report"),
    path("<language:code>/copy/", keeping.copy, name="snapshot"),
    path("<language:code>/keep/", keeping.keep, name="keep"),
    path("<language:code>/app.webmanifest", keeping.manifest, name="manifest"),
    path("<language:code>/lines/", pages.all_lines, name="lines"),
    path("<language:code>/languages/", pages.other_languages, name="languages"),
    path("<language:code>/read/", reading.good_to_know, name="good_to_know"),
    path("<language:code>/read/<int:number>/", reading.help_page_detail, name="help_page"),
    path("<language:code>/cards/<int:number>/", reading.sector_card_detail, name="sector_card"),
    path("<language:code>/speak/", reading.speak, name="speak"),
    path("<language:code>/paper/", reading.poster, name="poster"),
]
