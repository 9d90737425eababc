"""What agencies offer each other, and what is asked for."""

from django.urls import path

from waymark.coalition.views import assets

urlpatterns = [
    path("assets/", assets.offer_list, name="offer_list"),
    path("assets/new/", assets.offer_add, name="offer_add"),
    path("assets/requests/", assets.request_list, name="offer_request_list"),
    path("assets/requests/<uuid:pk>/", assets.request_detail, name="offer_request_detail"),
    path("assets/<uuid:pk>/", assets.offer_detail, name="offer_detail"),
    path("assets/<uuid:pk>/ask/", assets.offer_ask, name="offer_ask"),
    path("assets/<uuid:pk>/change/", assets.offer_change, name="offer_change"),
    path("assets/<uuid:pk>/step/<slug:step>/", assets.offer_step, name="offer_step"),
]
