from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    name = "waymark.obligations"
    label = "obligations"

    def ready(self) -> None:
        from waymark.notices.policies import put_door
        from waymark.obligations.policies.who import may_be_told_of
        from waymark.obligations.selectors.disagreements import register_statements

        put_door("obligations:process_detail", may_be_told_of)
        register_statements()
