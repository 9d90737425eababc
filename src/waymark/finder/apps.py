from django.apps import AppConfig


class FinderConfig(AppConfig):
    name = "waymark.finder"
    label = "finder"
