"""What people of the demo write about themselves: topics, and goals in the words of those who seek them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """Words only some would write: of these functions, from the grade `least` to `most`, not at that site."""

    words: str
    by: tuple[str, ...] = ()
    least: int = 0
    most: int = 5
    away_from: str = ""


TOPICS: Mapping[str, tuple[str | Phrase, ...]] = {
    "Leading a team": (
        Phrase(
            "I took over the team in spring and still do half of my old job in the evenings. "
            "I would like to let go of it.",
            least=2,
        ),
        Phrase(
            "Two of the people I now lead applied for the same post. "
            "I want to do right by them and do not know where to start.",
            least=2,
        ),
        Phrase(
            "I have led projects, never people. "
            "I would like to hear honestly what changes, before I say yes.",
            most=2,
        ),
        Phrase(
            "My team is in three places and the quiet ones are getting quieter. "
            "I would like to run it differently.",
            least=2,
        ),
        Phrase(
            "I was told I am too nice to give feedback. "
            "I would like to find a way of doing it that is still me.",
            least=2,
        ),
        Phrase(
            "Our stand-ups have become reports to me. I want the team to talk to each other again.",
            by=("Engineering", "Product", "Data"),
        ),
    ),
    "Career direction": (
        (
            "I like what I do and I have done it for six years. "
            "I would like to think aloud about what comes next."
        ),
        Phrase(
            "I am choosing between becoming a specialist and leading people, "
            "and everybody around me has an opinion already.",
            most=3,
        ),
        Phrase(
            "I came here straight from my apprenticeship. How do people find out what else there is?",
            most=0,
        ),
        "I would like to move to another function and do not know how to raise it without looking disloyal.",
        (
            "I am back after a year away and the job I left is gone. "
            "I want to choose the next one, not just take it."
        ),
        "I have been asked where I see myself in three years, and I had no answer I believed.",
    ),
    "Speaking up": (
        "In meetings I have the thought, wait for a gap, and then somebody else says it.",
        "English is my third language. I want to be as clear in a big meeting as I am with my own team.",
        Phrase(
            "I present our figures every quarter and read them off the slide. I would like to enjoy it once.",
            least=1,
        ),
        (
            "I was asked to speak at our open day in autumn. "
            "I would like to practise with somebody who is kind and strict."
        ),
        "I disagree with my lead in private and nod in public. I would like to be braver than that.",
        "When a director asks me something directly, my mind goes blank.",
    ),
    "Working with data": (
        (
            "Our team counts everything in one spreadsheet that only I understand. "
            "I want to learn to do this properly."
        ),
        "I get reports every week and cannot tell which change is real and which is noise.",
        "I would like to be able to answer a simple question myself instead of waiting for the analysts.",
        "I know SQL a little. I would like somebody to look over my shoulder on one real question.",
        Phrase(
            "We are asked for forecasts and I do not trust mine. How do others check theirs?",
            by=("Finance", "Sales", "Operations", "Product"),
        ),
        Phrase(
            "I want to show where the delays really come from, without blaming the people at the depot.",
            by=("Operations", "Data"),
        ),
    ),
    "Difficult conversations": (
        "There is a conversation with a colleague I have put off since the summer.",
        Phrase(
            "I have to tell a long-standing partner that we are ending their service. "
            "I would like to prepare it well.",
            by=("Sales", "Operations", "Legal"),
        ),
        "When someone gets loud I agree to anything. I would like to stay friendly and stay put.",
        Phrase(
            "Complaints land with me and I take them home. I want to learn how others leave them at work.",
            by=("Customer Care",),
        ),
        "A friend has become my manager, and we both pretend that nothing changed.",
    ),
    "Time and priorities": (
        "Everything I have is urgent and I am the only one who can see all of it.",
        "I say yes too quickly. I would like to learn to ask what it would replace.",
        "I work four days and do the fifth one at night. That was not the idea.",
        "My calendar belongs to other people. I want two mornings of it back.",
        "I start ten things and finish three. Which three is an accident.",
    ),
    "Project planning": (
        Phrase("I have been given my first project with a date that somebody else promised.", most=2),
        "Our plans are right for two weeks. I would like to see how somebody plans who is right for longer.",
        (
            "We depend on four other teams and find out too late. "
            "How do you make that visible without more meetings?"
        ),
        "I would like to learn to end a project, not only to begin one.",
    ),
    "Product thinking": (
        Phrase(
            "I build what the ticket says. I would like to understand who asked for it and why.",
            by=("Engineering",),
        ),
        Phrase(
            "We ask passengers what they want and they all say: cheaper. I want to ask better.",
            by=("Product", "Customer Care", "Marketing"),
        ),
        Phrase(
            "I come from the control centre and have a list of things the app gets wrong. "
            "How does a list become a product?",
            by=("Operations",),
        ),
        "I would like to learn how you say no to a good idea.",
    ),
    "Software craft": (
        "I write code that works. I would like it to be code that others like to change.",
        (
            "Nobody on my team has time to review properly. "
            "I would like to see what a careful review looks like."
        ),
        "I inherited a service without tests and I am afraid of it.",
        (
            "I have only ever worked on small changes. "
            "I would like to learn how one designs something from the start."
        ),
        Phrase(
            "I came to software from the workshop and there are gaps nobody has noticed yet. "
            "I would like to close them.",
            by=("Engineering",),
            most=2,
        ),
    ),
    "Negotiating": (
        "I agree first and think of my conditions on the way home.",
        "I have never asked for a rise, and I hear that one can.",
        Phrase("I give the discount before they ask for it.", by=("Sales",)),
        Phrase(
            "The city's buyer knows our costs better than I do. "
            "I would like to prepare for the next round with somebody.",
            by=("Sales",),
        ),
        Phrase(
            "I negotiate for the company all day and have never asked for a rise.",
            by=("Sales", "Operations", "Legal"),
        ),
        Phrase(
            "Suppliers tell me there is no room. I would like to hear how you know when that is true.",
            by=("Operations", "Engineering", "Finance"),
        ),
    ),
    "Writing clearly": (
        "My mails are long because I am afraid of being misunderstood, and then nobody reads them.",
        Phrase(
            "I write contracts that only lawyers understand. I would like to try the other way.",
            by=("Legal",),
        ),
        Phrase(
            "I have to write the annual report of our depot and every sentence sounds like somebody else.",
            by=("Operations",),
        ),
        "I would like my handover notes to be good enough that nobody has to call me.",
    ),
    "Working across cultures": (
        Phrase(
            "My team is in Pune and Porto. I think a yes means different things in the two.",
            by=("Engineering", "Data"),
            least=2,
        ),
        "I moved here in January. I would like to understand what people mean when they say “interesting”.",
        Phrase(
            "I work with Toronto every day and have never met anyone there. "
            "I would like to know how it looks from that side.",
            away_from="Toronto",
        ),
        "Our jokes do not travel and our deadlines do not either.",
    ),
    "Finance for everyone": (
        Phrase("I have a budget since this year and learned the words from the form.", least=2),
        "I would like to read our own results and understand what they say about my team.",
        Phrase("I need to make a case for two new posts and have never written one.", least=2),
        Phrase(
            "What does it cost us when a tram stands still for an hour? "
            "Nobody on my shift knows, and I would like to.",
            by=("Operations",),
        ),
    ),
    "Hiring well": (
        Phrase("I sit in interviews and decide by sympathy, I am fairly sure.", least=1),
        "We say we want different people and then hire the one who reminds us of ourselves.",
        Phrase("I lost two good people in their first half year. I want to know what I do not see.", least=2),
    ),
    "Returning after leave": (
        "I come back from parental leave in the spring, part-time, into a team I do not know.",
        (
            "After a long illness I want to work well and not prove anything. "
            "I would like to talk to someone who has done it."
        ),
        (
            "I care for my father two days a week. "
            "I would like to plan a working life around that, and not apologise for it."
        ),
    ),
}

AROUND = (
    "I learn best from stories of things that went wrong.",
    "An hour every two weeks is good for me; mornings are best.",
    "I would rather meet somebody from a quite different corner of the company.",
    "I do not need advice so much as good questions.",
    "Please be frank. I would rather hear it from you than guess.",
    "I take a while to warm up, then I talk.",
    "I will come prepared, that is a promise.",
    "It would help me to set one small thing to try each time.",
    "I had a mentor once, years ago, and still think of what she said.",
    "I am new to this, so tell me if I use it wrong.",
)

OFFERS = (
    "I made most mistakes one can make with “{topic}” and am glad to spare somebody a few.",
    "Somebody took time for me when I started. I would like to pass that on.",
    "Happy to talk about “{topic}”, and to listen to what the work looks like from your side.",
    "I have no recipes. I can ask questions and keep what you tell me to myself.",
    Phrase(
        "I came up through the depot, not through university, and can say what helped.", by=("Operations",)
    ),
    "I enjoy it when people argue with me. Come with your own opinion.",
    Phrase("I would like to understand what the younger people here see that we no longer see.", least=4),
    "I can offer an open door, a good memory and some patience.",
    "What I know about “{topic}” I learned from colleagues. I would like to keep the chain going.",
    Phrase("I have been here for fourteen years, in four jobs. Ask me how one changes.", least=3),
    "I was a mentor last year and learned at least as much as I taught.",
    "I like to work on one real thing together: a talk, a plan, a letter that is hard to write.",
)

PEERS = (
    "I would like a few people outside my team to think aloud with.",
    "My work is lonely in a quiet way. I would like company in it.",
    "I want to hear how others do it who are in the same place as I am.",
    "A circle last year got me through the reorganisation. I would like that again.",
    "I am good at other people's problems. I would like to bring one of mine.",
)
