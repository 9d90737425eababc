"""Referrals, on the staff site only. No address tells what is asked or for whom."""

from django.urls import path

from waymark.referrals import views

app_name = "referrals"
urlpatterns = [
    path("", views.sent_list, name="list"),
    path("board/", views.board, name="board"),
    path("for/<uuid:case>/", views.choose, name="choose"),
    path("for/<uuid:case>/room/", views.ask_room, name="ask_room"),
    path("for/<uuid:case>/opaque/", views.refer, name="refer"),
    path("for/<uuid:case>/letter/", views.letter_new, name="letter_new"),
    path("for/<uuid:case>/package/", views.with_package, name="with_package"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<uuid:pk>/", views.inbox_detail, name="inbox_detail"),
    path("inbox/<uuid:pk>/read/", views.inbox_read, name="inbox_read"),
    path("inbox/<uuid:pk>/answer/", views.inbox_answer, name="inbox_answer"),
    path("inbox/<uuid:pk>/case/", views.inbox_case, name="inbox_case"),
    path("inbox/<uuid:pk>/<slug:event>/", views.inbox_move, name="inbox_move"),
    path("arrived/", views.arrived, name="arrived"),
    path("desks/", views.desk_list, name="desks"),
    path("desks/add/", views.desk_add, name="desk_add"),
    path("desks/add/<uuid:service>/", views.desk_answer, name="desk_answer"),
    path("desks/<uuid:pk>/remove/", views.desk_remove, name="desk_remove"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/letter/", views.letter, name="letter"),
    path("<uuid:pk>/<slug:event>/", views.move, name="move"),
]
