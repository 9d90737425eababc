"""Money and housing, on the staff site only. No address holds a name, an amount or a place."""

from django.urls import path

from waymark.assistance.views import asking, funds, housing, moving, requests

app_name = "assistance"
urlpatterns = [
    path("", requests.request_list, name="list"),
    path("new/<uuid:pk>/", asking.request_new, name="new"),
    path("funds/", funds.fund_list, name="fund_list"),
    path("funds/new/", funds.fund_new, name="fund_new"),
    path("funds/<uuid:pk>/", funds.fund_detail, name="fund_detail"),
    path("funds/<uuid:pk>/change/", funds.fund_change, name="fund_change"),
    path("funds/<uuid:pk>/came-in/", funds.receipt_new, name="receipt_new"),
    path("funds/<uuid:pk>/came-in/<uuid:entry>/back/", funds.receipt_back, name="receipt_back"),
    path("housing/", housing.stay_list, name="stay_list"),
    path("housing/new/<uuid:pk>/", housing.stay_new, name="stay_new"),
    path("housing/<uuid:pk>/", housing.stay_detail, name="stay_detail"),
    path("housing/<uuid:pk>/lease/", housing.stay_lease, name="stay_lease"),
    path("housing/<uuid:pk>/help/", housing.stay_help, name="stay_help"),
    path("housing/<uuid:pk>/moved-in/", housing.stay_moved_in, name="stay_moved_in"),
    path("housing/<uuid:pk>/end/", housing.stay_end, name="stay_end"),
    path("<uuid:pk>/", requests.request_detail, name="detail"),
    path("<uuid:pk>/change/", asking.request_change, name="change"),
    path("<uuid:pk>/submit/", asking.request_submit, name="submit"),
    path("<uuid:pk>/shown/", asking.request_shown, name="shown"),
    path("<uuid:pk>/close/", asking.request_close, name="close"),
    path("<uuid:pk>/void/", moving.request_void, name="void"),
    path("<uuid:pk>/decide/", moving.request_decide, name="decide"),
    path("<uuid:pk>/set-aside/", moving.request_set_aside, name="set_aside"),
    path("<uuid:pk>/pay/", moving.request_pay, name="pay"),
    path("<uuid:pk>/bounce/", moving.request_bounce, name="bounce"),
    path("<uuid:pk>/refund/", moving.request_refund, name="refund"),
]
