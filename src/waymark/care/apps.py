from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "waymark.care"
    label = "care"
