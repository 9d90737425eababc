"""The mail slot's screens, on the staff site only. No address tells what a packet is about."""

from django.urls import path

from waymark.disclosures import views

app_name = "disclosures"
urlpatterns = [
    path("", views.inbox_list, name="inbox"),
    path("new/", views.new_packet, name="new"),
    path("new/call/", views.new_call, name="new_call"),
    path("new/under/<uuid:permit>/", views.new_personal, name="new_personal"),
    path("files/", views.file_list, name="files"),
    path("files/take/", views.file_take, name="file_take"),
    path("files/<uuid:pk>/receipt/", views.file_receipt, name="file_receipt"),
    path("sent/", views.outbox_list, name="outbox"),
    path("sent/<uuid:pk>/", views.outbox_detail, name="outbox_detail"),
    path("sent/<uuid:pk>/send/", views.outbox_send, name="outbox_send"),
    path("sent/<uuid:pk>/file/", views.outbox_file, name="outbox_file"),
    path("sent/<uuid:pk>/recall-file/", views.outbox_recall_file, name="outbox_recall_file"),
    path("sent/<uuid:pk>/recall/", views.outbox_recall, name="outbox_recall"),
    path("<uuid:pk>/", views.inbox_detail, name="inbox_detail"),
    path("<uuid:pk>/open/", views.inbox_open, name="inbox_open"),
]
