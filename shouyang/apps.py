from django.apps import AppConfig


class ShouyangConfig(AppConfig):
    name = "shouyang"
    verbose_name = "门户"
