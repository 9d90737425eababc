from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "waymark.newsroom"
    label = "newsroom"
