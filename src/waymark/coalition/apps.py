from django.apps import AppConfig


class CoalitionConfig(AppConfig):
    name = "waymark.coalition"
    label = "coalition"

    def ready(self) -> None:
        """Pages that are narrower than a role: nobody is told of one that they may not open."""
        from waymark.coalition.policies.doors import put_doors

        put_doors()
