"""The questions of the session guide: data, and nothing else. How they are chosen stands in guide.py.

Good questions are open, short, and about the person who answers. A theme is found by the beginnings of words,
in English and in German, so that "Führung" and "leading" lead to the same questions.
"""

from dataclasses import dataclass

from matcher.domain.sentences import TranslatableText, say


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Questions for one field of goals, one for each phase. `name` is for whoever edits the list; `stems` are
    beginnings of words, in small letters."""

    name: str
    stems: tuple[str, ...]
    first: TranslatableText
    middle: TranslatableText
    last: TranslatableText


PAIR_FIRST = (
    say("What would make you say, at our last session, that this was worth your time?"),
    say("How do you like to be helped: with questions, with examples, or with a plain opinion?"),
    say("Which one thing would help you most if it had moved a little by the next time?"),
    say("What stays between the two of us, and what may be told?"),
    say("How shall we say it when something does not fit: the hour, the pace, the topic?"),
)
PAIR_MIDDLE = (
    say("What have you tried since we last met, and what did you notice?"),
    say("Where are you stuck, and what have you told nobody about it yet?"),
    say("Who else could help you with this, and what would you ask them?"),
    say("What are we not talking about, although we should?"),
    say("Is what we do here still the right thing? What would you change?"),
)
PAIR_LAST = (
    say("What can you do now that you could not do when we began?"),
    say("What have you learned about yourself that you did not expect?"),
    say("What is the very next step, and who will ask you about it?"),
    say("What would you like to thank the other for? Say exactly what it was."),
    say("Would you like to stay in touch? How often, and for what?"),
)

CIRCLE_FIRST = (
    say("Two minutes each, without questions: what brings you here, and what would you like to take home?"),
    say("What do you need from the others so that you can speak openly?"),
    say("What stays in this circle? Say it aloud, and let everybody agree."),
    say("What can the others learn from you, even if it seems small?"),
)
CIRCLE_MIDDLE = (
    say("What has changed since the last session? One sentence each."),
    say("Who brings a case today? What is the question behind it?"),
    say("What would you do if you were in their place, and what would hold you back?"),
    say("Whose voice have we heard little of today? Ask them, and wait."),
)
CIRCLE_LAST = (
    say("What have you done differently because of this circle?"),
    say("Which sentence of somebody here has stayed with you?"),
    say("What will you do in the next two weeks, and who will ask you about it?"),
    say("What should the next circle keep, and what should it drop?"),
)

LISTENING = (
    say("Ask before you advise: “Would you like an idea, or an ear?”"),
    say("Say back what you heard in your own words, and ask: “Did I get that right?”"),
    say("Ask one question more before you answer: “And what else?”"),
    say("Let a silence stand. The sentence that matters often comes after it."),
    say("Guess a feeling and put it as a question: “That sounds tiring?”"),
    say("Leave your own story out until you are asked for it."),
)

THEMES = (
    Theme(
        name="leading people",
        stems=("lead", "manag", "führ", "delegat", "team", "supervis", "leit"),
        first=say("Think of somebody who led you well. What exactly did they do?"),
        middle=say("What do you still do yourself that somebody in your team could learn by doing?"),
        last=say("What would your team say has changed in how you lead?"),
    ),
    Theme(
        name="career and change of role",
        stems=(
            "career",
            "promot",
            "job",
            "role",
            "karrier",
            "beruf",
            "aufstieg",
            "rolle",
            "laufbahn",
            "growth",
        ),
        first=say("Describe a working day in three years that you would enjoy. What are you doing?"),
        middle=say("What have you found out about the role you think of, and whom could you ask next?"),
        last=say("Which door do you want to knock on next, and what will you say when it opens?"),
    ),
    Theme(
        name="speaking and presenting",
        stems=("present", "speak", "public", "präsent", "vortrag", "reden", "rhetor", "storytell", "modera"),
        first=say("When were you last heard the way you wanted? What had you done beforehand?"),
        middle=say("Tell me your next talk in three sentences. Which one would you keep?"),
        last=say("What do you do in the five minutes before you speak now?"),
    ),
    Theme(
        name="feedback and difficult talks",
        stems=("feedback", "conflict", "difficult", "konflikt", "rückmeld", "schwierig", "mediat", "kritik"),
        first=say("Which talk have you been putting off? What are you afraid might happen?"),
        middle=say("What did the other person need in that moment? How do you know?"),
        last=say("What can you say today that you would have swallowed at the beginning?"),
    ),
    Theme(
        name="data and analysis",
        stems=("data", "daten", "statist", "analy", "machine", "ki", "ai", "sql", "forecast", "dashboard"),
        first=say("Which decision would be better if you had the right number? What number is it?"),
        middle=say("What does your analysis not show, and who should know that?"),
        last=say("Which question will you now answer with data, and which one not?"),
    ),
    Theme(
        name="software and technology",
        stems=("software", "program", "cloud", "architect", "security", "devops", "engineer", "technolog"),
        first=say("Which part of the system would you like to understand well enough to explain it?"),
        middle=say("What would you build differently if you began again, and what can be had of that now?"),
        last=say("What can you now review in somebody else's work that you could not before?"),
    ),
    Theme(
        name="projects and planning",
        stems=("project", "projekt", "plan", "agil", "scrum", "priorit", "organis", "time"),
        first=say("If only one thing of your plan came true this quarter, which should it be?"),
        middle=say("What has taken longer than you thought, and what does that tell you?"),
        last=say("Which habit of planning will you keep when nobody asks any more?"),
    ),
    Theme(
        name="negotiating and deciding",
        stems=(
            "negotiat",
            "verhandl",
            "decision",
            "entscheid",
            "stakeholder",
            "influenc",
            "überzeug",
            "persuad",
        ),
        first=say("Who has to say yes, and what is it that they care about?"),
        middle=say("What would you accept if you cannot have what you want, and where do you stop?"),
        last=say("Which decision are you glad of now, and how did you come to it?"),
    ),
    Theme(
        name="customers and selling",
        stems=("customer", "kund", "sales", "vertrieb", "market", "client", "product", "produkt"),
        first=say("When did a customer last surprise you? What did you not know before?"),
        middle=say("What do your customers do when you are not there?"),
        last=say("What will you ask your next customer that you never asked before?"),
    ),
    Theme(
        name="money and budgets",
        stems=("financ", "finanz", "budget", "cost", "kosten", "account", "control", "invest"),
        first=say("Which figure of your area would you like to be able to explain to a friend?"),
        middle=say("Where does the money go that nobody looks at?"),
        last=say("What would you spend differently now, and what would you stop?"),
    ),
    Theme(
        name="strength and balance",
        stems=(
            "balance",
            "stress",
            "resilien",
            "health",
            "gesund",
            "wellbeing",
            "parent",
            "eltern",
            "burnout",
            "mindful",
        ),
        first=say("What gives you strength in a week, and what takes it?"),
        middle=say("What did you say no to since we last met? How did it feel?"),
        last=say("How will you notice early that it is getting too much, and who may tell you?"),
    ),
    Theme(
        name="networks and working across teams",
        stems=(
            "network",
            "netzwerk",
            "cross",
            "collabor",
            "zusammenarbeit",
            "communit",
            "relationship",
            "beziehung",
        ),
        first=say("Who do you wish knew what you are good at?"),
        middle=say("Whom could you introduce to each other, to the good of both?"),
        last=say("Which contact will you look after, and what will you give?"),
    ),
    Theme(
        name="languages and working between cultures",
        stems=(
            "language",
            "sprach",
            "cultur",
            "kultur",
            "international",
            "english",
            "englisch",
            "intercult",
            "german",
            "deutsch",
        ),
        first=say("When do you feel less yourself in the other language? What do you leave out?"),
        middle=say("What was misunderstood lately, and what had each of you taken for granted?"),
        last=say("What do you explain to newcomers now that nobody explained to you?"),
    ),
    Theme(
        name="new ideas and change",
        stems=(
            "innovat",
            "change",
            "wandel",
            "veränder",
            "creativ",
            "kreativ",
            "design",
            "transform",
            "idea",
        ),
        first=say("What would you change tomorrow if nobody could say no?"),
        middle=say("Who loses something by this change? What would they need?"),
        last=say("Which small change has stayed, and why that one?"),
    ),
    Theme(
        name="writing and explaining",
        stems=(
            "writ",
            "schreib",
            "document",
            "dokument",
            "teach",
            "lehr",
            "train",
            "coach",
            "onboard",
            "explain",
        ),
        first=say("What can you do so well that it is hard for you to explain?"),
        middle=say("What does your reader already know, and what do they need first?"),
        last=say("Whom will you pass on what you have learned here?"),
    ),
    Theme(
        name="confidence and being seen",
        stems=(
            "confiden",
            "selbst",
            "impost",
            "visib",
            "sichtbar",
            "mut",
            "courage",
            "women",
            "frauen",
            "divers",
        ),
        first=say("Which of your successes do you talk about least? Tell it now."),
        middle=say("What would you do on Monday if you trusted yourself a little more?"),
        last=say("What do you know about yourself now that you will not let anybody talk you out of?"),
    ),
)
