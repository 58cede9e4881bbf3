"""The organisation the demo tells of: its functions, sites, ladder and languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

ORGANISATION = "Larkfield"
DOMAIN = "larkfield.example"  # RFC 2606: mail to it can never arrive anywhere

LADDER = ("Associate", "Specialist", "Senior", "Lead", "Head", "Director")
PYRAMID = (0.20, 0.34, 0.26, 0.12, 0.055, 0.025)


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where people sit: the zone, the usual day, and the locales their names come from (with weights)."""

    name: str
    zone: str
    begins: time
    ends: time
    language: str
    locales: Mapping[str, int]


SITES = {
    site.name: site
    for site in (
        Site(
            name="Berlin",
            zone="Europe/Berlin",
            begins=time(8, 30),
            ends=time(17, 30),
            language="German",
            locales={"de_DE": 7, "tr_TR": 2, "pl_PL": 1, "en_GB": 1},
        ),
        Site(
            name="Leeds",
            zone="Europe/London",
            begins=time(9, 0),
            ends=time(17, 30),
            language="English",
            locales={"en_GB": 7, "en_IN": 2, "pl_PL": 1, "it_IT": 1},
        ),
        Site(
            name="Porto",
            zone="Europe/Lisbon",
            begins=time(9, 30),
            ends=time(18, 30),
            language="Portuguese",
            locales={"pt_PT": 8, "es_ES": 2, "en_GB": 1},
        ),
        Site(
            name="Pune",
            zone="Asia/Kolkata",
            begins=time(10, 0),
            ends=time(19, 0),
            language="Hindi",
            locales={"en_IN": 1},
        ),
        Site(
            name="Toronto",
            zone="America/Toronto",
            begins=time(8, 30),
            ends=time(17, 0),
            language="English",
            locales={"en_CA": 5, "fr_CA": 3, "en_IN": 1},
        ),
    )
}


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function of the organisation: its share of the people (weights), its teams, and where they sit."""

    weight: int
    teams: tuple[str, ...]
    sites: Mapping[str, int]


FUNCTIONS = {
    "Engineering": Function(
        weight=62,
        teams=("Platform", "Vehicle Systems", "Passenger App", "Quality", "Infrastructure"),
        sites={"Berlin": 34, "Pune": 30, "Porto": 22, "Toronto": 10, "Leeds": 4},
    ),
    "Operations": Function(
        weight=44,
        teams=("Scheduling", "Depots", "Control Centre", "Safety"),
        sites={"Leeds": 40, "Berlin": 30, "Porto": 14, "Toronto": 16},
    ),
    "Customer Care": Function(
        weight=33,
        teams=("First Line", "Accessibility Desk", "Complaints"),
        sites={"Porto": 40, "Leeds": 28, "Toronto": 22, "Berlin": 10},
    ),
    "Sales": Function(
        weight=27,
        teams=("Cities", "Partners", "Bids"),
        sites={"Berlin": 30, "Leeds": 30, "Toronto": 25, "Porto": 15},
    ),
    "Product": Function(
        weight=19,
        teams=("Product Management", "Design", "Research"),
        sites={"Berlin": 45, "Porto": 30, "Toronto": 25},
    ),
    "Finance": Function(
        weight=16,
        teams=("Accounting", "Planning"),
        sites={"Leeds": 55, "Berlin": 30, "Pune": 15},
    ),
    "Data": Function(
        weight=14,
        teams=("Analytics", "Forecasting"),
        sites={"Berlin": 40, "Pune": 35, "Porto": 25},
    ),
    "People": Function(
        weight=11,
        teams=("Hiring", "Learning", "Partnering"),
        sites={"Leeds": 40, "Berlin": 35, "Toronto": 25},
    ),
    "Marketing": Function(
        weight=9,
        teams=("Brand", "Campaigns"),
        sites={"Berlin": 50, "Toronto": 30, "Porto": 20},
    ),
    "Legal": Function(
        weight=5,
        teams=("Contracts", "Data Protection"),
        sites={"Leeds": 60, "Berlin": 40},
    ),
}
