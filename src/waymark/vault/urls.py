"""The vault's addresses, on the staff site only. No name, no word and no key stands in one."""

from django.urls import path

from waymark.vault import views

app_name = "vault"
urlpatterns = [
    path("", views.vault_home, name="home"),
    path("set-up/", views.set_up, name="set_up"),
    path("printed-key/", views.printed_key, name="printed_key"),
    path("printed-key/new/", views.printed_key_new, name="printed_key_new"),
    path("unlock/", views.unlock, name="unlock"),
    path("lock/", views.lock, name="lock"),
    path("passphrase/", views.passphrase_change, name="passphrase"),
    path("recover/", views.recover, name="recover"),
    path("start-over/", views.start_over, name="start_over"),
    path("found/", views.found, name="found"),
    path("ask/", views.ask_in, name="ask"),
    path("waiting/", views.waiting, name="waiting"),
    path("compare-again/", views.compare_again, name="compare_again"),
    path("members/", views.member_list, name="member_list"),
    path("members/<uuid:pk>/confirm/", views.member_confirm, name="member_confirm"),
    path("new-keys/", views.new_keys, name="new_keys"),
    path("rewrap/", views.rewrap, name="rewrap"),
    path("kit/", views.kit_detail, name="kit"),
    path("kit/make/", views.kit_make, name="kit_make"),
    path("kit/withdraw/", views.kit_withdraw, name="kit_withdraw"),
    path("kit/use/", views.kit_use, name="kit_use"),
    path("agencies/", views.partner_list, name="partner_list"),
    path("card/", views.card, name="card"),
    path("card/make/", views.card_make, name="card_make"),
    path("card/take/", views.card_take, name="card_take"),
    path("agencies/<uuid:pk>/compare/", views.partner_compare, name="partner_compare"),
    path("agencies/<uuid:pk>/withdraw/", views.partner_unpin, name="partner_unpin"),
    path("destroyed/", views.tombstone_list, name="tombstone_list"),
    path("destroyed/<uuid:pk>/", views.certificate, name="certificate"),
]
