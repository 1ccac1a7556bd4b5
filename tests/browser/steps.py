"""Walks a window through the practice page, in a trainee's words."""

from playwright.async_api import Page, expect

from agent.protocol import (
    ChecklistItem,
    ChecklistResult,
    CriterionResult,
    Delivery,
    Evidence,
    Exchange,
    Grade,
    GraderVersion,
    Latency,
    Moment,
    OetEstimate,
    PersonaState,
    Reason,
    Report,
    RubricVersion,
    Skill,
    TaskResult,
    Ungraded,
)

REPLY = "Hello, my name is Kim and I am the nurse. Can you tell me about the pain?"
GRADE = Grade(
    overall=78,
    skills={Skill.LISTENING: 82, Skill.CALM: 71, Skill.CLARITY: 80},
    rationale="You introduced yourself and asked an open question.",
    evidence=[Evidence(exchange=0, quote="Can you tell me about the pain?")],
    advice="Say what you will do next before you ask on.",
)
TOO_SHORT = Ungraded(ungraded=Reason(code="too_short", message="the reply has only one word"))


def exchange(index: int, persona: str, reply: str, grade: Grade | Ungraded) -> Exchange:
    """Return one exchange of the sample report."""
    return Exchange(
        index=index,
        persona_text=persona,
        reply_text=reply,
        started_s=4 + 18.0 * index,
        ended_s=10 + 18.0 * index,
        grade=grade,
        delivery=Delivery(words_per_minute=138, response_latency_s=0.9),
        state=PersonaState(arousal=3 - 0.7 * index, trust=2 + 0.6 * index),
    )


def sample_report(encounter_id: str) -> Report:
    """Return a report with graded and ungraded replies."""
    second = GRADE.model_copy(
        update={
            "overall": 64,
            "evidence": [Evidence(exchange=1, quote="That sounds frightening.")],
            "rationale": "You named the feeling, then moved on before it was answered.",
            "advice": "Leave a pause after naming a feeling.",
            "better": "That sounds frightening. I am staying with you.",
        }
    )
    steps = ("observed", "observed", "not_observed", "no_chance")
    return Report(
        encounter_id=encounter_id,
        scenario_id="chest-pain-nurse",
        title="Chest pain at triage",
        mode="practice",
        started_at="2030-05-04T09:30:00+00:00",
        duration_s=187,
        rubric=RubricVersion(id="clinical", version="1"),
        grader=GraderVersion(kind="local", model="rules and MiniLM", version="1"),
        providers={
            "hearing": "this machine (tiny.en)",
            "mind": "scripted persona",
            "voice": "this machine",
            "meaning": "this machine (MiniLM)",
        },
        outcome="containment",
        overall=71,
        skills={
            Skill.TONE: 66,
            Skill.LISTENING: 79,
            Skill.CALM: 71,
            Skill.CLARITY: 74,
            Skill.SAFETY: 58,
        },
        criteria=[
            CriterionResult(
                id="opening",
                name="Opening the conversation",
                level=3,
                max=3,
                rationale="Name and role came first.",
                evidence=[Evidence(exchange=0, quote="my name is Kim and I am the nurse")],
            ),
            CriterionResult(
                id="closing", name="Closing", level=None, max=3, rationale="It was not reached."
            ),
        ],
        exchanges=[
            exchange(0, "", REPLY, GRADE),
            exchange(
                1,
                "It is my chest, love. Like someone sitting on me.",
                "That sounds frightening. Does it go anywhere else?",
                second,
            ),
            exchange(2, "Into my arm. Am I dying?", "No.", TOO_SHORT),
        ],
        closing_line="You did not even look at me.",
        strengths=["You introduced yourself before the first question."],
        improvements=["Answer the fear before the next question."],
        ungraded_count=1,
        facts_found=["The pain goes into the left arm"],
        facts_total=4,
        summary="You began with “Hello, my name is Kim …”. Reply 2 eased them most.",
        tasks=[
            TaskResult(task="Introduce yourself and find out why they came.", status="done"),
            TaskResult(
                task="Learn enough about the pain to judge how urgent it is.",
                status="partly",
                missing=["how urgent it is"],
            ),
            TaskResult(task="Explain what happens next.", status="not_seen"),
        ],
        best=Moment(exchange=1, quote="That sounds frightening.", why="Trust rose by 0.6."),
        worst=Moment(exchange=2, quote="No.", why="Arousal rose by 0.9."),
        checklists=[
            ChecklistResult(
                id="consultation",
                version="1",
                name="Structure of the consultation",
                items=[
                    ChecklistItem(id=f"step-{n}", name=f"Step {n}", status=status, reason="Seen.")
                    for n, status in enumerate(steps)
                ],
            )
        ],
        oet=OetEstimate(
            criteria=[], score=380, band="B", reason="25 of 33 points.", estimated_of=(33, 39)
        ),
        latency=Latency(p50_ms=410, p95_ms=720),
    )


async def open_card(page: Page, url: str, title: str = "Chest pain at triage") -> None:
    """Open the page and a scenario's card."""
    await page.goto(url)
    await page.get_by_role("button", name=f"Read the card: {title}").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(title)


async def open_microphone(page: Page, url: str, *, exam: bool = False) -> None:
    """Go as far as the microphone check."""
    await open_card(page, url)
    if exam:
        await page.get_by_text("Exam", exact=True).click()
    await page.get_by_role("button", name="Check the microphone").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Check your microphone")


async def start_talking(page: Page, url: str, *, exam: bool = False) -> None:
    """Go as far as the conversation."""
    await open_microphone(page, url, exam=exam)
    await page.get_by_role("button", name="Start talking").click()
    await expect(page.locator(".talk")).to_be_visible()


async def end(page: Page) -> None:
    """End the conversation and confirm it."""
    await page.get_by_role("button", name="End", exact=True).click()
    await page.get_by_role("button", name="End and see the report").click()
