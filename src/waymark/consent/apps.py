from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "waymark.consent"
    label = "consent"

    def ready(self) -> None:
        from waymark.consent.selectors.collecting import register_own_scopes

        register_own_scopes()
