"""What the coalition publishes: press items, figures of others, requests from outside, and who stays off the page."""

from waymark.newsroom.models.corrections import FigureCorrection
from waymark.newsroom.models.figures import FigureProposal, PublishedFigure
from waymark.newsroom.models.presence import AgencyOffPage
from waymark.newsroom.models.press import HeldBackPart, PartnerCheck, PressItem, Wording
from waymark.newsroom.models.requests import PublicRequest

__all__ = [
    "AgencyOffPage",
    "FigureCorrection",
    "FigureProposal",
    "HeldBackPart",
    "PartnerCheck",
    "PressItem",
    "PublicRequest",
    "PublishedFigure",
    "Wording",
]
