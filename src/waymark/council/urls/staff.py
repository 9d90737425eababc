"""The council's addresses on the staff site."""

from django.urls import path

from waymark.council.views import recommendations, reviews, seats, times

app_name = "council"
urlpatterns = [
    path("", seats.home, name="home"),
    path("holder/", seats.name_holder, name="name_holder"),
    path("recommendations/", recommendations.recommendation_list, name="recommendation_list"),
    path("recommendations/new/", recommendations.recommendation_add, name="recommendation_add"),
    path("recommendations/<uuid:pk>/", recommendations.recommendation_detail, name="recommendation_detail"),
    path("recommendations/<uuid:pk>/support/", recommendations.recommendation_support, name="recommendation_support"),
    path("recommendations/<uuid:pk>/reply/", recommendations.recommendation_reply, name="recommendation_reply"),
    path("reviews/", reviews.review_list, name="review_list"),
    path("reviews/<uuid:pk>/", reviews.review_detail, name="review_detail"),
    path("reviews/<uuid:pk>/answer/", reviews.review_answer, name="review_answer"),
    path("reviews/<uuid:pk>/close/", reviews.review_conclude, name="review_conclude"),
    path("reviews/<uuid:pk>/take-back/", reviews.review_withdraw, name="review_withdraw"),
    path("reviews/<uuid:pk>/override/", reviews.override_ask, name="override_ask"),
    path("reviews/<uuid:pk>/override/decide/", reviews.override_decide, name="override_decide"),
    path("reviews/<uuid:pk>/override/take-back/", reviews.override_end, name="override_end"),
    path("corrections/", seats.correction_list, name="correction_list"),
    path("report/", seats.year_report, name="year_report"),
    path("seats/", times.desk, name="desk"),
    path("seats/new/", seats.seat_add, name="seat_add"),
    path("seats/rate/", times.rate_post, name="rate_post"),
    path("seats/<uuid:pk>/", times.statement, name="statement"),
    path("seats/<uuid:pk>/approve/", times.time_approve, name="time_approve"),
    path("seats/<uuid:pk>/pay/", times.time_pay, name="time_pay"),
    path("seats/<uuid:pk>/end/", seats.seat_end, name="seat_end"),
    path("mine/", seats.my_seat, name="my_seat"),
    path("mine/pay/", seats.my_pay, name="my_pay"),
    path("mine/time/", times.my_time, name="my_time"),
    path("mine/time/new/", times.time_add, name="time_add"),
    path("mine/time/<uuid:pk>/take-back/", times.time_remove, name="time_remove"),
]
