"""Sign-in, one's own sign-in settings, and what an officer does for colleagues; on the staff site only."""

from django.urls import path

from waymark.accounts.views import (
    agency_sign_in,
    enroll,
    lost_factors,
    passwords,
    recovery_codes,
    sessions,
    sign_in,
    ways,
)

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/passkey/", sign_in.passkey_sign_in, name="passkey_sign_in"),
    path("sign-in/passkey/options/", sign_in.passkey_options, name="passkey_options"),
    path("sign-in/second-step/", sign_in.second_step, name="second_step"),
    path("sign-in/set-up/", enroll.set_up_factor, name="set_up_factor"),
    path("sign-in/set-up/app/", enroll.set_up_app, name="set_up_app"),
    path("sign-in/set-up/code/", enroll.handover_code, name="handover_code"),
    path("sign-in/set-up/passkey/", enroll.set_up_passkey, name="set_up_passkey"),
    path("sign-in/agency/<uuid:agency>/", agency_sign_in.agency_start, name="agency_start"),
    path("sign-in/agency/<uuid:agency>/back/", agency_sign_in.agency_back, name="agency_back"),
    path("sign-in/agency/<uuid:agency>/finish/", agency_sign_in.agency_finish, name="agency_finish"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("password/", passwords.forgotten_password, name="forgotten_password"),
    path("password/new/", passwords.new_password, name="new_password"),
    path("password/link/", passwords.password_link, name="password_link"),
    path("my/sign-in/", ways.ways, name="ways"),
    path("my/sign-in/add/", enroll.add_factor, name="add_factor"),
    path("my/sign-in/add/app/", enroll.add_app, name="add_app"),
    path("my/sign-in/add/passkey/", enroll.add_passkey, name="add_passkey"),
    path("my/sign-in/codes/", recovery_codes.recovery_codes, name="recovery_codes"),
    path("my/sign-in/codes/file/", recovery_codes.recovery_codes_file, name="recovery_codes_file"),
    path("my/sign-in/codes/new/", recovery_codes.new_recovery_codes, name="new_recovery_codes"),
    path("my/sign-in/password/", ways.change_password, name="change_password"),
    path("my/sign-in/<int:number>/remove/", ways.remove_way, name="remove_way"),
    path("my/sessions/", sessions.session_list, name="session_list"),
    path("my/sessions/others/end/", sessions.end_other_sessions, name="end_other_sessions"),
    path("my/sessions/<uuid:pk>/end/", sessions.end_session, name="end_session"),
    path("agency/sign-in/", agency_sign_in.agency_sign_in_settings, name="agency_sign_in_settings"),
    path("agency/lost-factors/", lost_factors.lost_factor_list, name="lost_factor_list"),
    path("agency/lost-factors/new/", lost_factors.ask_factor_reset, name="ask_factor_reset"),
    path("agency/lost-factors/<uuid:pk>/", lost_factors.decide_factor_reset, name="decide_factor_reset"),
]
