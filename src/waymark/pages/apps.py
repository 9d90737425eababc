from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "waymark.pages"
    label = "pages"
