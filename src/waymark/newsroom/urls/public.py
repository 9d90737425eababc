"""The newsroom site's own addresses. Only what is public has one; what is embargoed answers as an address never given."""

from django.urls import path

from waymark.newsroom import api
from waymark.newsroom.views import asking, council, outlets, public

app_name = "newsroom"
urlpatterns = [
    path("", public.home, name="home"),
    path("news/", public.item_list, name="item_list"),
    path("news/search/", public.search, name="search"),
    path("news/<slug:slug>/", public.item, name="item"),
    path("news/<slug:slug>/release.pdf", outlets.item_paper, name="item_paper"),
    path("news/<slug:slug>/picture.png", outlets.item_picture, name="item_picture"),
    path("results/", public.results, name="results"),
    path("results/<int:year>/", public.results_year, name="results_year"),
    path("what-we-know/", public.what_we_know, name="what_we_know"),
    path("figures/", public.figure_list, name="figure_list"),
    path("figures/<slug:key>/", public.figure, name="figure"),
    path("who-we-are/", public.who_we_are, name="who_we_are"),
    path("council/", council.council, name="council"),
    path("take-part/", public.take_part, name="take_part"),
    path("take-part/volunteer/", asking.volunteer, name="volunteer"),
    path("take-part/speaker/", asking.speaker, name="speaker"),
    path("take-part/prevention/", asking.prevention, name="prevention"),
    path("feed.atom", outlets.atom, name="atom"),
    path("feed.rss", outlets.rss, name="rss"),
    path("feed.json", outlets.json_feed, name="json_feed"),
    path("news.ics", outlets.calendar, name="calendar"),
    path("news.csv", outlets.table, name="table"),
    path("figures.csv", api.figure_table, name="figure_table"),
    path("sitemap.xml", outlets.sitemap, name="sitemap"),
    path("api/news/", api.items, name="api_items"),
    path("api/news/<slug:slug>/", api.item, name="api_item"),
    path("api/figures/", api.published_figures, name="api_figures"),
]
