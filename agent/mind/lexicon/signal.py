"""The signals a reply can carry: the one vocabulary of appraisal, grading and persona state."""

from enum import StrEnum


class Signal(StrEnum):
    """What some words of a reply do to the person who hears them."""

    GREETING = "greeting"
    INTRODUCTION = "introduction"
    """Says who they are: name or role."""
    INVITATION = "invitation"
    """Invites the story."""
    OPEN_QUESTION = "open_question"
    CLOSED_QUESTION = "closed_question"
    EMPATHY = "empathy"
    """Names or acknowledges the feeling or the hardship."""
    VALIDATION = "validation"
    """Says that the reaction is understandable or the point is fair."""
    APOLOGY = "apology"
    REFLECTION = "reflection"
    """Gives back in other words what the person said."""
    AUTONOMY = "autonomy"
    """Offers a choice or asks permission."""
    LIMIT = "limit"
    """Sets a limit with respect."""
    SOLUTION = "solution"
    """Concrete help or a next step."""
    TIMEFRAME = "timeframe"
    """Says when."""
    EXPLANATION = "explanation"
    CHECK_UNDERSTANDING = "check_understanding"
    TEACH_BACK = "teach_back"
    """Asks to have it said back."""
    QUESTIONS_WELCOME = "questions_welcome"
    """Asks for the person's own questions."""
    WARNING_SHOT = "warning_shot"
    """Prepares for bad news."""
    SIGNPOST = "signpost"
    """Says what comes next in the talk."""
    SAFETY = "safety"
    """Asks about harm or urgent symptoms, keeps people safe, brings help."""
    THANKS = "thanks"
    GOODBYE = "goodbye"

    COMMAND = "command"
    CALM_DOWN = "calm_down"
    INVALIDATION = "invalidation"
    """Makes the concern small, or takes empathy back with "but"."""
    UNEARNED_UNDERSTANDING = "unearned_understanding"
    """"I understand" and nothing that shows what."""
    THREAT = "threat"
    INSULT = "insult"
    BLAME = "blame"
    SARCASM = "sarcasm"
    """Says the kind thing and means the other."""
    DISMISSAL = "dismissal"
    """Brushes off, hides behind a rule, passes on, however politely."""
    JARGON = "jargon"
    SHOUTING = "shouting"
    """Words in capitals."""
    OUT_OF_ROLE = "out_of_role"
    """Talk about AI, instructions, scores or the card."""

    LONG = "long"
    """More words than a person can take in."""
    STACKED_QUESTIONS = "stacked_questions"
    """Three questions or more at once."""
    INTERRUPTION = "interruption"
    """Cuts the person off and takes the floor."""
    SILENCE = "silence"
    """A long silence before it."""


class Cue(StrEnum):
    """What a persona's line asks of the reply to it."""

    DISTRESS = "distress"
    """A feeling shows."""
    COMPLAINT = "complaint"
    TELLING = "telling"
    """Tells something of themselves."""
    QUESTION = "question"
    DANGER = "danger"
    """Urgent symptoms, or harm to self or others."""
    REFUSAL = "refusal"
    AGREEMENT = "agreement"
    CLOSING = "closing"
    """Thanks or goodbye."""


PROVOKING = frozenset(
    {
        Signal.COMMAND,
        Signal.CALM_DOWN,
        Signal.INVALIDATION,
        Signal.UNEARNED_UNDERSTANDING,
        Signal.THREAT,
        Signal.INSULT,
        Signal.BLAME,
        Signal.SHOUTING,
        Signal.SARCASM,
        Signal.DISMISSAL,
    }
)
"""Signals that anger or frighten."""
