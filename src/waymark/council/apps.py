from django.apps import AppConfig


class CouncilConfig(AppConfig):
    name = "waymark.council"
    label = "council"

    def ready(self) -> None:
        from waymark.council.selectors.doors import put_doors

        put_doors()
