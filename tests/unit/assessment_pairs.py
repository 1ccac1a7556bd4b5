"""Replies in pairs, one clearly good and one clearly poor, to the same persona line.

Written to test the order; the lexicon was tuned on them, so they keep the grader from falling and
say nothing about replies it has not seen.
"""

PAIRS: list[tuple[str, str, str, str]] = [
    (
        "patient",
        "It's a heavy feeling in my chest and I'm really frightened.",
        (
            "That sounds very frightening. I'm going to stay with you while we find out what "
            "it is. Does the pain go anywhere else?"
        ),
        "Okay. Any allergies? Do you smoke? Are you on tablets? How old are you?",
    ),
    (
        "patient",
        "Am I having a heart attack?",
        (
            "I don't know yet. We'll do a tracing of your heart right now, and I'll tell you "
            "what it shows as soon as I have it."
        ),
        "Don't be silly, it's probably just indigestion.",
    ),
    (
        "patient",
        "I don't want to take those tablets.",
        "It's your decision. Can you tell me what worries you about them?",
        "You have to take them, the doctor said so.",
    ),
    (
        "patient",
        "Hello?",
        (
            "Good morning, my name is Priya and I'm one of the doctors. Is it all right if I "
            "sit down?"
        ),
        "Right, what's wrong with you?",
    ),
    (
        "patient",
        "My father died of the same thing last year.",
        (
            "I'm so sorry about your father. It makes sense that this worries you. What are "
            "you most afraid of?"
        ),
        "That doesn't mean anything. Let's get on with it.",
    ),
    (
        "patient",
        "I've been waiting two hours in pain and nobody came.",
        (
            "I'm sorry you had to wait so long in pain. I'm here now, and I'll get you "
            "something for it within five minutes."
        ),
        "We're very busy today, other people are worse off than you.",
    ),
    (
        "patient",
        "What does that mean, stenosis?",
        (
            "It means that one of the pipes that carries blood to your heart has become "
            "narrow. Does that make sense so far?"
        ),
        (
            "It's a significant luminal stenosis of the coronary artery requiring "
            "percutaneous intervention."
        ),
    ),
    (
        "patient",
        "So what did the scan show?",
        (
            "I'm afraid it's not the news we were hoping for. Would you like me to explain it"
            " now, or would you rather have your wife here?"
        ),
        "It's cancer. We'll operate next week.",
    ),
    (
        "patient",
        "I keep having these headaches.",
        "Tell me more about them. When did they start?",
        "Everyone gets headaches.",
    ),
    (
        "patient",
        "I can't sleep because of the pain.",
        "That must be exhausting. What have you tried so far?",
        "You should have come in earlier then.",
    ),
    (
        "patient",
        "I stopped taking the insulin.",
        "Thank you for telling me. What made it hard to keep going?",
        "Why would you do that? That's really stupid.",
    ),
    (
        "patient",
        "Is it safe to go home?",
        (
            "Yes. If the fever comes back or you feel short of breath, call us straight away."
            " Can you tell me back what you'll look out for?"
        ),
        "Yes, you'll be fine, just go home and relax.",
    ),
    (
        "patient",
        "I'm scared of needles.",
        (
            "A lot of people are. Would it help if you lie down and look away, and we count "
            "together?"
        ),
        "Stop making a fuss, it's only a needle.",
    ),
    (
        "patient",
        "My little boy has had a fever for three days!",
        "You must be very worried. I'll examine him right away. How is he drinking?",
        "Calm down, children get fevers all the time.",
    ),
    (
        "subject",
        "I've been waiting four hours and nobody tells me anything!",
        (
            "Four hours without any news, no wonder you're angry. I'll find out now and come "
            "back to you within ten minutes."
        ),
        "You'll have to wait like everyone else. Sit down.",
    ),
    (
        "subject",
        "Let me through that door!",
        (
            "I can see how much you want to be with her. I can't let you in right now because"
            " they're working on her, but I can bring the nurse out to you."
        ),
        "Step back or I'll call security.",
    ),
    (
        "subject",
        "Don't you tell me what to do!",
        "You're right, I'm not here to order you about. What would help you most right now?",
        "Watch your tone. Calm down right now.",
    ),
    (
        "subject",
        "This is a joke. You people are useless.",
        "I'm sorry it's been like this. Tell me what happened.",
        "There's no need to be rude. I'm just doing my job.",
    ),
    (
        "subject",
        "I didn't steal anything!",
        "I'd like to hear your side of it. Can we step over here, where it's quieter?",
        "Then empty your bag. I know a liar when I see one.",
    ),
    (
        "subject",
        "I swear I'm going to smash something.",
        (
            "I can hear how much this is getting to you. I want us both to stay safe. Are you"
            " thinking of hurting anyone?"
        ),
        "Go on then, and you'll be arrested.",
    ),
    (
        "subject",
        "I'm not paying that fine, the machine was broken!",
        (
            "That sounds frustrating. Let me write down which machine it was, and I'll show "
            "you how to appeal."
        ),
        "Rules are rules. You should have bought a ticket.",
    ),
    (
        "subject",
        "Why should I trust you?",
        (
            "You have every reason to be careful. I'm Sam, I work here, and I'll be honest "
            "about what I can and can't do."
        ),
        "You don't have a choice.",
    ),
    (
        "subject",
        "My kid came home crying and you did nothing!",
        (
            "Anyone would be upset to see that. I want to understand what happened. Would you"
            " like to sit down with me?"
        ),
        "I understand, but we have forty other children in that class.",
    ),
    (
        "subject",
        "Get away from me.",
        "Okay, I'm giving you some space. I'm here if you want to talk.",
        "Don't you talk to me like that. Who do you think you are?",
    ),
    (
        "subject",
        "They threw me out of my flat, I've got nowhere to go.",
        (
            "That's awful, I'm so sorry. Let's look together at where you can stay tonight. "
            "What do you need most right now?"
        ),
        "That's not my department. Come back tomorrow.",
    ),
    (
        "subject",
        "I want to talk to your manager, now!",
        (
            "I'll get her for you. It'll take about five minutes. Would you like to tell me "
            "what happened in the meantime?"
        ),
        "The manager is busy. What's your problem?",
    ),
    (
        "subject",
        "He always parks in my space, I've had enough!",
        (
            "So this has been going on for a long time, and you've asked him before. What "
            "would be a fair way out for you?"
        ),
        "You're overreacting, it's just a parking space.",
    ),
    (
        "subject",
        "Another drink, come on, I'm fine!",
        (
            "I'm not able to serve you another one tonight. I can get you some water and call"
            " you a taxi, which would you prefer?"
        ),
        "You're drunk. Get out.",
    ),
    (
        "subject",
        "Nobody listens. I might as well end it all.",
        (
            "I'm listening. It sounds like you're in a lot of pain. Are you thinking of "
            "killing yourself?"
        ),
        "Don't say things like that, it could be worse.",
    ),
    (
        "subject",
        "I've filled in this form three times!",
        "Three times, that's maddening. Let me take it and go through it with you now.",
        "Well, you obviously filled it in wrong.",
    ),
    (
        "patient",
        "it really hurts when i breathe in",
        "i can see its really hurting you does it feel sharp or more like pressure",
        "okay next question do you smoke and do you drink and any operations",
    ),
    (
        "subject",
        "i just want to see my wife",
        "of course you do ill ask the nurse right now and ill be back in two minutes",
        "not possible visiting hours are over",
    ),
]
