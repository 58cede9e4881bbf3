"""What an organiser can do now with a cycle: a sentence or two, and the buttons, the one next step first."""

from dataclasses import dataclass

from matcher.domain.lifecycle import CycleState
from matcher.services.cycle.lists import CycleLine, PublishedBy
from web.language import _
from web.parts.words import day, moment


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """A button: what it says and the route it posts to, or leads to where `opens` says so."""

    label: str
    page: str
    quiet: bool = False
    opens: bool = False


def what_next(
    line: CycleLine, published: PublishedBy | None, *, anybody: bool, working: bool, zone: str
) -> tuple[tuple[str, ...], tuple[NextStep, ...]]:
    """What can be done now, in sentences and as buttons."""
    if published is not None:
        said = _(
            "%(name)s published this cycle on %(when)s.",
            name=published.name,
            when=moment(published.at, zone),
        )
        return (said,), (NextStep(label=_("See how it goes"), page="during.index", opens=True),)
    if working:
        return (), ()
    again = NextStep(label=_("Run the match again"), page="overview.queue")
    steps: dict[CycleState, tuple[tuple[str, ...], tuple[NextStep, ...]]] = {
        CycleState.DRAFT: (
            (_("Open the sign-up. It is planned for %(day)s.", day=day(line.opens_on)),),
            (NextStep(label=_("Open the sign-up"), page="overview.open_sign_up"),),
        ),
        CycleState.OPEN: (
            (
                _("People can sign up until %(day)s.", day=day(line.closes_on)),
                _("Closing freezes the answers as they are and starts the match."),
            ),
            sign_up_acts(anybody=anybody),
        ),
        CycleState.CLOSED: ((_("Sign-up is closed. Run the match to get a draft."),), (again,)),
        CycleState.REVIEW: (
            (_("Look at the draft. Nobody is told anything before you publish it."),),
            (NextStep(label=_("Run the match again"), page="overview.queue", quiet=True),),
        ),
    }
    return steps.get(line.state, ((_("Nothing is left to do here for now."),), ()))


def sign_up_acts(*, anybody: bool) -> tuple[NextStep, ...]:
    """What an open sign-up asks for: people first, then to be closed."""
    if not anybody:
        return (
            NextStep(label=_("Bring people in"), page="imports.index", opens=True),
            NextStep(label=_("Close the sign-up and match"), page="overview.close", quiet=True),
        )
    return (
        NextStep(label=_("Close the sign-up and match"), page="overview.close"),
        NextStep(label=_("See how many can be placed"), page="forecast.index", quiet=True, opens=True),
    )
