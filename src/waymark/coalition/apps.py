from django.apps import AppConfig


class CoalitionConfig(AppConfig):
    name = "waymark.coalition"
    label = "coalition"
