from django.apps import AppConfig


class CouncilConfig(AppConfig):
    name = "waymark.council"
    label = "council"
