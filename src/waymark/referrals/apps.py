from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "waymark.referrals"
    label = "referrals"

    def ready(self) -> None:
        from waymark.referrals.selectors.beside import register_beside_cases
        from waymark.referrals.selectors.received import register_standing
        from waymark.referrals.selectors.sharing import register_own_scope

        register_own_scope()
        register_beside_cases()
        register_standing()
