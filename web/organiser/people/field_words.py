"""What the fields of a list of people are called, for people."""

from collections.abc import Mapping

from web.language import N_, _

FIELDS: Mapping[str, str] = {
    "email": N_("E-mail address"),
    "name": N_("Name, or a part of it"),
    "roles": N_("Roles: mentor, mentee, peer"),
    "function": N_("Function"),
    "site": N_("Site"),
    "department": N_("Department"),
    "grade": N_("Level"),
    "zone": N_("Time zone"),
    "languages": N_("Languages"),
    "manager": N_("Manager's e-mail address"),
    "capacity": N_("Most mentees at once"),
    "mentors_wanted": N_("How many mentors they want"),
    "most_load": N_("Most they take on in all"),
    "topics_offered": N_("Topics offered"),
    "topics_sought": N_("Topics sought"),
    "goals": N_("Goals"),
    "hours": N_("Free hours"),
    "facilitates": N_("Would facilitate (yes or no)"),
    "experienced": N_("Has facilitated before (yes or no)"),
    "characteristics": N_("Characteristics (confidential)"),
    "identity_wish": N_("Wish for a similar identity (confidential)"),
}
"""By field, in the order in which they are offered."""

CHANGES: Mapping[str, str] = {
    "name": N_("name"),
    "function": N_("function"),
    "site": N_("site"),
    "department": N_("department"),
    "grade": N_("level"),
    "zone": N_("time zone"),
    "languages": N_("languages"),
    "answers": N_("answers"),
    "enrolment": N_("is signed up"),
}
"""What of somebody known an import would write differently."""

STATES: Mapping[str, str] = {
    "active": N_("takes part"),
    "paused": N_("paused"),
    "left": N_("has left"),
}


def field_options() -> tuple[tuple[str, str], ...]:
    """Value and words of each field a column can be."""
    return tuple((name, _(words)) for name, words in FIELDS.items())
