from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "waymark.cases"
    label = "cases"

    def ready(self) -> None:
        from waymark.cases.selectors.legal import SCOPE, legal_to_share
        from waymark.cases.selectors.origins import register_origins
        from waymark.cases.selectors.records import workers_with
        from waymark.cases.selectors.sharing import register_scopes
        from waymark.consent.formats.scopes import register_records
        from waymark.people.actions.looks import register_workers

        register_workers(workers_with)
        register_records(SCOPE, legal_to_share)
        register_scopes()
        register_origins()
