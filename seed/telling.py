"""How the demo tells what came of a cycle: its draft and its mails, in lines a person enjoys reading."""

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from matcher.domain.lifecycle import MailState, words
from matcher.services.review.draft_summary import Review, ReviewedCircle

COLUMN, WIDTH = 12, 104
MOST_REASONS = 4
STAGES = {
    "started": "Waking the solver",
    "scored": "Weighing who fits whom",
    "kept": "Keeping the pairs worth a look",
    "flow": "Placing as many people as possible",
    "fair": "Lifting the people with the fewest options first",
    "circles": "Forming circles that share an hour",
    "rota": "Sharing out the duties",
    "checked": "Counting everything again",
}


def stage(name: str) -> str:
    """A stage of the solver in words."""
    return STAGES.get(name, "Working")


def in_short(review: Review) -> str:
    """A cycle in half a line."""
    return f"{counted(len(review.pairs), 'pair')} and {counted(len(review.circles), 'circle')}"


def summary(review: Review, mails: Mapping[MailState, int]) -> Iterator[str]:
    """The whole cycle at a glance: pairs, fairness, circles, rota, who waits and why, mails."""
    yield from labelled("Pairs", _pairs(review))
    yield from labelled("Fairness", review.fairness.sentences)
    yield from labelled("Circles", _circles(review.circles))
    yield from labelled("Rota", _rota(review.circles))
    yield from labelled("Waiting", _waiting(review))
    yield from labelled("Mails", _mails(mails))


def labelled(label: str, lines: Sequence[str]) -> Iterator[str]:
    """The lines in a column of their own, the label before the first, each broken where it gets too long."""
    broken = [part for line in lines for part in _broken(line)]
    for place, line in enumerate(broken):
        yield f"  {label if place == 0 else '':<{COLUMN}}{line}"


def _broken(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.wrap(
        line,
        WIDTH - COLUMN,
        initial_indent="",
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def counted(number: int, word: str) -> str:
    """ "1 pair", "2 pairs"."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def _pairs(review: Review) -> list[str]:
    mentors, mentees = ({getattr(pair, side).id for pair in review.pairs} for side in ("mentor", "mentee"))
    met = f"{counted(len(mentors), 'mentor')} and {counted(len(mentees), 'mentee')}"
    across = sum(pair.mentor.function != pair.mentee.function for pair in review.pairs)
    return [f"{counted(len(review.pairs), 'pair')} of {met}; {across} across functions."]


def _circles(circles: Sequence[ReviewedCircle]) -> list[str]:
    if not circles:
        return ["None this time."]
    sizes = [len(circle.members) for circle in circles]
    span = f"{min(sizes)}" if min(sizes) == max(sizes) else f"{min(sizes)} to {max(sizes)}"
    many = f"{counted(len(circles), 'circle')} of {span} people, {sum(sizes)} in all"
    return [f"{many}; each has an hour all can make."]


def _rota(circles: Sequence[ReviewedCircle]) -> list[str]:
    duties = [duty for circle in circles for duty in circle.duties]
    if not duties:
        return ["No duties to share out."]
    sessions = len({duty.session for duty in duties})
    even = sum(_differ_by(circle) <= 1 for circle in circles)
    told = [f"{len(duties)} duties over {counted(sessions, 'session')}; nobody holds one they declined."]
    told.append(
        f"In {even} of {counted(len(circles), 'circle')} all members hold the same number, give or take one."
    )
    return (
        told
        if even == len(circles)
        else [*told, "In the others, fewer members take duties, or earlier cycles are balanced out."]
    )


def _differ_by(circle: ReviewedCircle) -> int:
    """Most duties of a member minus fewest."""
    held = Counter(duty.person.id for duty in circle.duties)
    loads = [held[member.id] for member in circle.members]
    return max(loads) - min(loads)


def _waiting(review: Review) -> list[str]:
    if not review.waiting:
        return ["Nobody."]
    lines = ["Each with a reason of their own:"]
    for role in sorted({str(one.role) for one in review.waiting}):
        told = [one.sentences for one in review.waiting if str(one.role) == role]
        lines += [f"  {counted(len(told), role)}", *_reasons(told)]
    return lines


def _reasons(told: Sequence[Sequence[str]]) -> list[str]:
    """The commonest reasons, each by one example; sentences that all of them read are no reason."""
    common = set.intersection(*(set(sentences) for sentences in told))
    own = [_own(some, common) for some in told if some]
    # Alike but for their numbers: “62 mentors fit you” and “73 mentors fit you” are one reason.
    kinds = {re.sub(r"\d+", "#", sentence): sentence for sentence in reversed(own)}
    counts = Counter(re.sub(r"\d+", "#", sentence) for sentence in own)
    shown = [f"    {number} × “{kinds[kind]}”" for kind, number in counts.most_common(MOST_REASONS)]
    more = len(counts) - len(shown)
    return [*shown, f"    … and {counted(more, 'other reason')}."] if more > 0 else shown


def _own(sentences: Sequence[str], common: set[str]) -> str:
    """The first sentence that is this person's own, with the next when it opens a list."""
    at = next((at for at, one in enumerate(sentences) if one not in common), min(1, len(sentences) - 1))
    return " ".join(sentences[at : at + 2]) if sentences[at].endswith(":") else sentences[at]


def _mails(mails: Mapping[MailState, int]) -> list[str]:
    sent = mails.get(MailState.SENT, 0)
    others = {state: number for state, number in mails.items() if state is not MailState.SENT and number}
    if not others:
        return [f"{sent} delivered, each once."]
    rest = ", ".join(f"{number} {words(state)}" for state, number in sorted(others.items()))
    return [f"{sent} delivered, each once; {rest}."]
