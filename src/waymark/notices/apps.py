from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "waymark.notices"
    label = "notices"
