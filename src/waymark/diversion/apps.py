from django.apps import AppConfig


class DiversionConfig(AppConfig):
    name = "waymark.diversion"
    label = "diversion"
