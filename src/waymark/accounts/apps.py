from django.apps import AppConfig
from django.db.models.signals import post_migrate

from waymark.access.context import install_key


class AccountsConfig(AppConfig):
    name = "waymark.accounts"
    label = "accounts"

    def ready(self) -> None:
        # Django tells only apps that have models, and `access` has none.
        post_migrate.connect(install_key, sender=self)
