from django.apps import AppConfig


class LawConfig(AppConfig):
    name = "waymark.law"
    label = "law"
