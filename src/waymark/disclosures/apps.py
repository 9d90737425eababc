from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    name = "waymark.disclosures"
    label = "disclosures"
