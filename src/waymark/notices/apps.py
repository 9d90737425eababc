from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "waymark.notices"
    label = "notices"

    def ready(self) -> None:
        """Accounts, which lies below, tells people through us."""
        from waymark.accounts.policies.telling import put_bell
        from waymark.notices.actions import notify

        put_bell(notify)
