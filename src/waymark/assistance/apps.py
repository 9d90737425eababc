from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "waymark.assistance"
    label = "assistance"

    def ready(self) -> None:
        from waymark.assistance.selectors.beside import money_beside
        from waymark.assistance.selectors.housing import against_merging
        from waymark.assistance.selectors.requests import may_be_told_of, under_way
        from waymark.cases.selectors.around import put_against_archiving, put_money_on_cases
        from waymark.notices.policies import put_door
        from waymark.people.policies import put_against_merging

        put_door("assistance:detail", may_be_told_of)
        put_money_on_cases(money_beside)
        put_against_merging(against_merging)
        put_against_archiving(under_way)
