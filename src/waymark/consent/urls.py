"""The screens of sharing, on the staff site only. No address tells what is shared, with whom, or why."""

from django.urls import path

from waymark.consent import views

app_name = "consent"
urlpatterns = [
    path("", views.release_list, name="list"),
    path("people/<uuid:pk>/", views.person_sharing, name="person"),
    path("people/<uuid:pk>/new/", views.release_new, name="new"),
    path("people/<uuid:pk>/copy/", views.copy_new, name="copy"),
    path("<uuid:pk>/", views.release_detail, name="detail"),
    path("<uuid:pk>/paper/", views.release_paper, name="paper"),
    path("<uuid:pk>/sign/", views.release_sign, name="sign"),
    path("<uuid:pk>/drop/", views.release_drop, name="drop"),
    path("<uuid:pk>/again/", views.release_again, name="again"),
    path("<uuid:pk>/send/", views.package_send, name="send"),
    path("<uuid:pk>/tell/", views.package_tell, name="tell"),
    path("<uuid:pk>/stop/", views.release_stop, name="stop"),
]
