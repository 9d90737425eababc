from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "waymark.web"
    label = "web"

    def ready(self) -> None:
        from waymark.web import checks  # noqa: F401 (registers them)
