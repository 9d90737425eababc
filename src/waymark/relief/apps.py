from django.apps import AppConfig


class ReliefConfig(AppConfig):
    name = "waymark.relief"
    label = "relief"
