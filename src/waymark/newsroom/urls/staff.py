"""The newsroom's screens on the staff site."""

from django.urls import path

from waymark.newsroom.views.staff import corrections, desk, embargoes, figures, press

app_name = "newsroom"
urlpatterns = [
    path("items/", press.item_list, name="item_list"),
    path("items/new/", press.item_add, name="item_add"),
    path("items/<uuid:pk>/", press.item_detail, name="item_detail"),
    path("items/<uuid:pk>/preview/", press.item_preview, name="item_preview"),
    path("items/<uuid:pk>/edit/", press.item_edit, name="item_edit"),
    path("items/<uuid:pk>/send/", press.item_send, name="item_send"),
    path("items/<uuid:pk>/take-back/", press.item_take_back, name="item_take_back"),
    path("items/<uuid:pk>/release/", press.item_release, name="item_release"),
    path("items/<uuid:pk>/correct/", corrections.item_correct, name="item_correct"),
    path("items/<uuid:pk>/withdraw/", press.item_withdraw, name="item_withdraw"),
    path("items/<uuid:pk>/delete/", press.item_delete, name="item_delete"),
    path("checks/<uuid:pk>/", press.check_answer, name="check_answer"),
    path("corrections/<uuid:pk>/apply/", corrections.correction_apply, name="correction_apply"),
    path("corrections/<uuid:pk>/drop/", corrections.correction_drop, name="correction_drop"),
    path("figures/", figures.figure_list, name="figure_list"),
    path("figures/<uuid:pk>/", figures.figure_detail, name="figure_detail"),
    path("figures/<uuid:pk>/correct/", figures.figure_correct, name="figure_correct"),
    path("figure-corrections/<uuid:pk>/apply/", figures.figure_correction_apply, name="figure_correction_apply"),
    path("figure-corrections/<uuid:pk>/drop/", figures.figure_correction_drop, name="figure_correction_drop"),
    path("proposals/", figures.proposal_list, name="proposal_list"),
    path("proposals/new/", figures.proposal_add, name="proposal_add"),
    path("proposals/<uuid:pk>/", figures.proposal_detail, name="proposal_detail"),
    path("proposals/<uuid:pk>/put-up/", figures.proposal_put_up, name="proposal_put_up"),
    path("proposals/<uuid:pk>/drop/", figures.proposal_drop, name="proposal_drop"),
    path("embargoes/", embargoes.embargo_list, name="embargo_list"),
    path("desk/", desk.request_list, name="request_list"),
    path("desk/<uuid:pk>/", desk.request_detail, name="request_detail"),
    path("desk/<uuid:pk>/answer/", desk.request_answer, name="request_answer"),
    path("desk/<uuid:pk>/delete/", desk.request_delete, name="request_delete"),
    path("presence/", desk.presence, name="presence"),
]
