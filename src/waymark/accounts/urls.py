"""Sign-in and sign-out, on the staff site only."""

from django.urls import path

from waymark.accounts import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
]
