"""Agreements between agencies."""

from django.urls import path

from waymark.coalition.views import agreement_parts as parts
from waymark.coalition.views import agreements

urlpatterns = [
    path("agreements/", agreements.agreement_list, name="agreement_list"),
    path("agreements/new/", agreements.agreement_add, name="agreement_add"),
    path("agreements/<uuid:pk>/", agreements.agreement_detail, name="agreement_detail"),
    path("agreements/<uuid:pk>/annexes/new/", parts.annex_add, name="annex_add"),
    path("agreements/<uuid:pk>/annexes/<uuid:annex>/", parts.annex_change, name="annex_change"),
    path("agreements/<uuid:pk>/change/", agreements.agreement_change, name="agreement_change"),
    path("agreements/<uuid:pk>/parties/", agreements.agreement_parties, name="agreement_parties"),
    path("agreements/<uuid:pk>/parties/<uuid:party>/", parts.agreement_party, name="agreement_party"),
    path("agreements/<uuid:pk>/step/<slug:step>/", parts.agreement_step, name="agreement_step"),
]
