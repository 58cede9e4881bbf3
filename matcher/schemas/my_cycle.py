"""What people write in their own cycle: a note for themselves, a goal, a small step."""

from marshmallow import Schema

from matcher.domain.sentences import say
from matcher.schemas.fields import LineField, Prose, WholeNumber

MOST_NOTE = 10_000
MOST_GOAL = 300
MOST_STEP = 200


class NoteSchema(Schema):
    """A private note; `version` is the one that stood in the form, 0 where there was none yet."""

    text = Prose(most=MOST_NOTE, load_default="")
    version = WholeNumber(least=0, most=999_999_999, required=True)


class GoalSchema(Schema):
    """A goal in one line."""

    text = LineField(most=MOST_GOAL, required=True, empty=say("Write the goal in a few words."))


class StepSchema(Schema):
    """A small step in one line."""

    text = LineField(most=MOST_STEP, required=True, empty=say("Write the step in a few words."))
