"""What rows call acts, states and kinds of mail, in words for people."""

from collections.abc import Mapping

from matcher.domain.lifecycle import WORDS
from matcher.domain.said import term
from web.language import N_, _, in_words

CODES: Mapping[str, str] = {
    "answers changed": N_("answers changed"),
    "calendar address ended": N_("calendar address ended"),
    "calendar address made": N_("calendar address made"),
    "confidential": N_("something confidential"),
    "consent given": N_("consent given"),
    "consent withdrawn": N_("consent withdrawn"),
    "cycle created": N_("cycle created"),
    "cycle open": N_("sign-up opened"),
    "cycle closed": N_("sign-up closed"),
    "cycle review": N_("draft ready for review"),
    "cycle published": N_("cycle published"),
    "cycle running": N_("cycle started"),
    "cycle completed": N_("cycle completed"),
    "cycle archived": N_("cycle archived"),
    "cycle cancelled": N_("cycle cancelled"),
    "data taken along": N_("data taken along"),
    "draft stored": N_("draft stored"),
    "duty changed hands": N_("duty changed hands"),
    "duty offered": N_("duty offered"),
    "earlier pairs imported": N_("earlier pairs imported"),
    "enrolled": N_("signed up"),
    "enrolment active": N_("took part again"),
    "enrolment paused": N_("paused"),
    "enrolment left": N_("left the cycle"),
    "erased": N_("account erased"),
    "form set": N_("questions of the form set"),
    "goal added": N_("goal added"),
    "handler added": N_("handler added"),
    "import taken back": N_("import taken back"),
    "offer withdrawn": N_("offer withdrawn"),
    "organiser added": N_("organiser added"),
    "people imported": N_("people imported"),
    "policy set": N_("policy set"),
    "programme created": N_("programme created"),
    "published": N_("published"),
    "repair applied": N_("repair applied"),
    "repair asked for": N_("repair asked for"),
    "repair dropped": N_("repair dropped"),
    "repair proposed": N_("repair proposed"),
    "run cancelled": N_("run cancelled"),
    "run queued": N_("run asked for"),
    "introduction": N_("introduction"),
    "circle_introduction": N_("introduction to a circle"),
    "waitlist": N_("waitlist"),
    "receipt": N_("receipt"),
    "sign_in": N_("link to sign in"),
    "reminder": N_("reminder"),
    "escalation": N_("something waits"),
    "check_in": N_("check-in"),
    "organiser": N_("organiser"),
    "handler": N_("handler"),
    "rematch": N_("somebody else"),
    "leave": N_("leave the cycle"),
    "pause": N_("a pause"),
    "same": N_("on my own level"),
    "near": N_("one or two steps ahead of me"),
    "far": N_("three steps ahead of me or more"),
    "below": N_("earlier on the ladder than I am"),
    "duty_change": N_("change of duties"),
    "group_change": N_("change of a pair or circle"),
    "paused": N_("paused"),
    "left": N_("left"),
    "proposed": N_("proposed"),
    "applied": N_("applied"),
    "dropped": N_("dropped"),
    "asked": N_("asked for"),
    "waiting": N_("waiting"),
}
"""By the word in the row; whatever is not listed is shown as it is."""


def code_word(code: str) -> str:
    """The word of a row as its reader says it."""
    if code in CODES:
        return _(CODES[code])
    return in_words(WORDS[code] if code in WORDS else term(code))
