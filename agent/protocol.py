"""The contract between worker, token server and clients.

The one place where the shapes that cross a process are written down, so that the three cannot
drift apart. It imports pydantic and the standard library only: the token server must not carry the
worker's weight.
"""

import hashlib
import hmac
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

AGENT_NAME = "interlocutor"
"""Default name the worker registers for explicit dispatch."""

TOPIC_GRADE = "encounter.grade"
"""Text stream topic: one `GradeMessage` for each graded reply; a later one replaces the earlier of
the same exchange."""
TOPIC_STATE = "encounter.state"
"""Text stream topic: a `StateMessage` whenever the phase or the persona's state changes."""
TOPIC_REPORT = "encounter.report"
"""Text stream topic: the `Report` once, before the worker leaves."""
RPC_END = "encounter.end"
"""RPC on the worker's participant: end now, grade what is open, send the report."""
ATTRIBUTE_GAIN_CONTROL = "interlocutor.gain_control"
"""Attribute of the trainee's participant: `on` says that the microphone adjusts its level by
itself, so that loudness is not measured. Nobody can hear it; unset, it is taken to be off."""

SIGNATURE_HEADER = "X-Interlocutor-Signature"
"""Header of a worker's request to the token server, made by `sign`."""
SIGNATURE_VALID_S = 300
"""A signature older or newer than this is refused."""


class Skill(StrEnum):
    """The six skill areas every reply may be graded on."""

    TONE = "tone_and_voice"
    LISTENING = "listening_and_empathy"
    CALM = "calm_and_confidence"
    CLARITY = "clear_communication"
    SAFETY = "safety_awareness"
    RESOLUTION = "conflict_resolution"


Mode = Literal["practice", "exam"]
"""practice: grades as they come; exam: grades only in the report."""
Score = Annotated[int, Field(ge=1, le=100)]
Outcome = Literal["escalation", "containment", "de-escalation", "resolution"]


class Wire(BaseModel):
    """Base of what crosses a process: immutable, unknown fields ignored so that versions mix."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class EncounterRequest(Wire):
    """Dispatch metadata. Readable by the client's token, so it holds nothing secret."""

    encounter_id: str | None = Field(default=None, max_length=64)
    """None when a stock LiveKit client dispatched us: the worker then makes one of the room."""
    scenario_id: str | None = Field(default=None, max_length=64)
    """None: the worker's default scenario."""
    mode: Mode = "practice"


class StateMessage(Wire):
    """Where the encounter and its persona stand."""

    encounter_id: str
    scenario_id: str
    phase: Literal["active", "ending", "ended"]
    arousal: float | None = None
    """0 calm to 5 out of control; None in exam mode."""
    trust: float | None = None
    """0 none to 5 full; None in exam mode."""
    exchange: int | None = None
    """Index of the exchange that moved it; None at the start and the end."""
    pause_s: float = 0.0
    """Seconds the persona takes before it answers this exchange, because it is that hard to say.
    Its own, and no part of any latency."""
    danger: Literal["none", "open", "handled"] | None = None
    """Whether somebody may come to harm and the trainee has taken it up; None in exam mode."""


class Evidence(Wire):
    """Words the trainee said, as they stand in the transcript."""

    exchange: int
    quote: str


class CriterionLevel(Wire):
    """How one reply stands on one criterion of the rubric."""

    id: str
    level: int
    rationale: str
    """Why this level, in a few words."""
    quotes: list[str] = []
    """Words of the reply that earned or lost it, verbatim."""


class GraderVersion(Wire):
    kind: Literal["local", "llm"]
    model: str
    version: str


class Grade(Wire):
    """What one reply was worth."""

    overall: Score
    skills: dict[Skill, Score]
    """Only the skills the reply gave a chance for."""
    rationale: str
    """One sentence why."""
    evidence: list[Evidence] = []
    advice: str
    """One concrete thing to do next time."""
    criteria: list[CriterionLevel] = []
    """Only the criteria the reply gave a chance for; the report adds them up."""
    better: str = ""
    """A better way to have said it, to this line; empty when it was good, and in exam mode."""
    grader: GraderVersion | None = None
    """Which grader made it; None from a worker too old to say."""


class Reason(Wire):
    """Why something failed, for programs and for people."""

    code: str
    message: str


class Ungraded(Wire):
    """A reply that has no grade, and why. Never a zero."""

    ungraded: Reason


class GradeMessage(Wire):
    """A grade on its way to the trainee."""

    encounter_id: str
    exchange: int
    persona_text: str
    reply_text: str
    grade: Grade | Ungraded


class PersonaState(Wire):
    """The persona's state after a reply."""

    arousal: float
    trust: float


class Delivery(Wire):
    """What could be measured of how the reply was spoken; None: not measured.

    Loudness and pitch are only told against the trainee's own usual voice, known after 20 s of it.
    """

    words_per_minute: float | None = None
    """From the first word to the last, a pause counting as a second at most."""
    response_latency_s: float | None = None
    """From the persona's last word to the trainee's first; negative when they overlapped."""
    spoken: bool = True
    """False: the reply was typed."""
    articulation_wpm: float | None = None
    """Words a minute while speaking, pauses left out."""
    speech_s: float | None = None
    """How long the trainee spoke, pauses left out."""
    pause_count: int | None = None
    """Silences of a quarter of a second or more between two words."""
    longest_pause_s: float | None = None
    pause_share: float | None = None
    """Of the time from the first word to the last, 0 to 1."""
    long_pauses: int | None = None
    """Of a second or more."""
    pitch_hz: float | None = None
    """Median."""
    pitch_spread_semitones: float | None = None
    """Standard deviation: about the same for all voices, larger the livelier the talk."""
    pitch_rise_semitones: float | None = None
    """Against the usual voice; negative: lower."""
    level_rise_db: float | None = None
    """Against the usual voice; negative: quieter."""
    interruptions: int | None = None
    """Three words or more over the persona, for half a second or until it gave up."""
    backchannels: int | None = None
    """One or two words while the persona spoke: listening, not interrupting."""
    early_starts: int | None = None
    """Three words or more that began just before the persona's end: ordinary turn-taking."""
    talk_share: float | None = None
    """The trainee's part of all seconds spoken since the reply before, 0 to 1."""
    tone_score: Score | None = None
    """How the voice sounded, from these figures alone."""
    advice: str = ""
    """One sentence on it, naming the figure it rests on; empty without a score."""
    not_measured: dict[str, Reason] = {}
    """Why a field above is None, by its name."""


class Exchange(Wire):
    """A persona line and the reply to it: the unit of grading."""

    index: int
    persona_text: str
    """Empty when the trainee spoke first."""
    reply_text: str
    started_s: float
    """Seconds from the start of the encounter to the reply's first word."""
    ended_s: float
    grade: Grade | Ungraded
    delivery: Delivery
    state: PersonaState
    """After the reply."""


class CriterionResult(Wire):
    """How one criterion of the rubric stands over the encounter."""

    id: str
    name: str
    level: int | None
    """None: the encounter gave no chance to judge it."""
    max: int
    rationale: str
    evidence: list[Evidence] = []


class RubricVersion(Wire):
    id: str
    version: str


class Latency(Wire):
    """How long the persona took to answer, as the worker measured it; None without an answer."""

    p50_ms: int | None
    p95_ms: int | None


class SafetyStepDone(Wire):
    """One thing the trainee had to do for somebody's safety."""

    label: str
    done: bool


class SafetyReport(Wire):
    """How a threat to somebody's safety was met."""

    about: Literal["self", "others", "health"]
    danger: Literal["none", "open", "handled"]
    """none: it never came up."""
    steps: list[SafetyStepDone]


class TranscriptLine(Wire):
    """One thing that was said, as the transcript has it."""

    speaker: Literal["trainee", "persona"]
    text: str
    started_s: float
    """Seconds from the start of the encounter."""
    ended_s: float
    interrupted: bool = False


class Standing(Wire):
    """Where the persona stood at the start, or after a reply."""

    exchange: int | None
    """None: before the first reply."""
    arousal: float
    trust: float
    bars: int
    """Behavioural Activity Rating Scale, 4 (quiet) to 7 (violent)."""
    cpi: str
    """Level of the Crisis Development Model."""
    moved: Literal["eased", "hardened"] | None = None
    """What the reply did, where it did something that can be felt."""


class Moment(Wire):
    """The reply that helped most, or hurt most."""

    exchange: int
    quote: str
    """Words of the reply, verbatim."""
    why: str


class TaskResult(Wire):
    """How far one task of the card was seen to be done."""

    task: str
    status: Literal["done", "partly", "not_seen"]
    """not_seen: no sign of it was found, which is not to say that it failed."""
    evidence: list[Evidence] = []
    missing: list[str] = []
    """Parts of the task that were not seen, in the card's words; empty where it has one part."""


class UngradedReplies(Wire):
    """Replies without a grade, for one reason."""

    code: str
    message: str
    exchanges: list[int]


class DeliveryMeasure(Wire):
    """One measure of the trainee's voice over the talk, beside its reference band."""

    id: str
    name: str
    unit: str
    value: float | None = None
    """None: not measured, and `comment` says why."""
    low: float | None = None
    """Lower end of the band; None: no lower end."""
    high: float | None = None
    """Upper end of the band; None: no upper end."""
    replies: int = 0
    """How many replies it was measured in."""
    comment: str


class DeliverySummary(Wire):
    """How the trainee spoke, over the whole talk. Coaching bands, not norms."""

    measures: list[DeliveryMeasure]


class ChecklistItem(Wire):
    """One step of a checklist, and whether the talk showed it."""

    id: str
    name: str
    part: str = ""
    """The part of the talk or the criterion it belongs to."""
    status: Literal["observed", "not_observed", "no_chance"]
    reason: str
    """Where and what, what was missing, or why there was no chance."""
    late: bool = False
    """It came after a step it should have come before."""
    evidence: list[Evidence] = []
    """Words that showed it or, not observed, spoilt it; empty where absence shows it."""


class ChecklistResult(Wire):
    """A whole talk against one instrument of the field."""

    id: str
    version: str
    name: str
    items: list[ChecklistItem]
    """Empty when there is no such checklist; `note` says so."""
    in_order: bool | None = None
    """None: the order does not matter, or fewer than two steps were shown."""
    note: str = "Practice estimate: found by rule in the transcript, not rated by an observer."


class OetCriterion(Wire):
    """One criterion of the speaking practice estimate."""

    id: str
    name: str
    kind: Literal["linguistic", "clinical"]
    level: int | None
    """None: not estimated, and `reason` says why."""
    max: int
    """6 linguistic, 3 clinical; the lowest level is 0."""
    reason: str
    indicators: list[ChecklistItem] = []
    """What the criterion is made of, over the whole talk."""


class OetEstimate(Wire):
    """An estimate in the form of the OET speaking sub-test: practice, no result of any test."""

    criteria: list[OetCriterion]
    score: int | None
    """0 to 500 in steps of 10, by a conversion of ours; None: not estimated."""
    band: Literal["A", "B", "C+", "C", "D", "E"] | None
    """By the score; None without one."""
    reason: str
    """What the score rests on, or why there is none."""
    estimated_of: tuple[int, int]
    """Points of the criteria that were estimated, of all 39."""
    note: str = (
        "Practice estimate. The test's own conversion is not public; this one is ours, and no "
        "rater has checked it."
    )


class Report(Wire):
    """What closes an encounter."""

    schema_version: Literal[1] = 1
    encounter_id: str
    scenario_id: str
    title: str
    """The card's title."""
    mode: Mode
    started_at: str
    """ISO 8601, UTC."""
    duration_s: float
    rubric: RubricVersion
    grader: GraderVersion
    providers: dict[str, str]
    """Which part ran where: hearing, mind, voice, meaning, grading."""
    outcome: Outcome | None
    """None when nothing was said."""
    overall: Score | None
    skills: dict[Skill, Score]
    criteria: list[CriterionResult]
    exchanges: list[Exchange]
    closing_line: str = ""
    """What the persona said after the last reply."""
    strengths: list[str]
    improvements: list[str]
    ungraded_count: int
    facts_found: list[str] = []
    """Topics the trainee brought to light."""
    facts_missed: list[str] = []
    """Topics that were left, and how to ask for them; never what would have been told."""
    facts_total: int = 0
    tasks: list[TaskResult] = []
    """In the order of the card."""
    summary: str = ""
    """How it began, what moved the persona and how it ended, in a few sentences made by rule."""
    trajectory: list[Standing] = []
    """The start and every reply; empty when nothing was said."""
    best: Moment | None = None
    """None: nothing stood out."""
    worst: Moment | None = None
    """None: nothing stood out."""
    ungraded: list[UngradedReplies] = []
    """What was not graded, by reason."""
    delivery: DeliverySummary | None = None
    """None: nothing was spoken."""
    transcript: list[TranscriptLine] = []
    """Everything said, in order."""
    safety: SafetyReport | None = None
    """None: nobody's safety was at stake in this scenario."""
    checklists: list[ChecklistResult] = []
    """The whole talk against the instruments its scenario names."""
    oet: OetEstimate | None = None
    """None: no encounter with a patient."""
    latency: Latency
    partial: bool = False
    """True when the encounter was cut off before its end."""
    note: str = "Practice estimate: these numbers have not been calibrated against expert raters."


class Turn(Wire):
    """One committed message."""

    id: str
    speaker: Literal["trainee", "persona"]
    text: str
    started_s: float
    ended_s: float
    interrupted: bool = False


class Record(Wire):
    """All the token server keeps of an encounter. The worker sends it whole, again and again; a
    higher revision replaces a lower one, so sending is idempotent."""

    schema_version: Literal[1] = 1
    encounter_id: str = Field(min_length=1, max_length=64)
    scenario_id: str
    room_name: str
    revision: int = Field(ge=1)
    phase: Literal["active", "ended"]
    turns: list[Turn]
    report: Report | None = None


class EncounterStatus(StrEnum):
    """Where the token server sees an encounter."""

    CREATED = "created"
    """Room made, persona called."""
    ACTIVE = "active"
    """The persona is in the room."""
    UNATTENDED = "unattended"
    """A trainee is waiting and no persona came in time; another is still being called."""
    ENDED = "ended"
    """Over; no report yet."""
    REPORTED = "reported"
    """Over, and the report is here."""


def sign(body: bytes, *, path: str, secret: str, at: int) -> str:
    """Return the signature header of a worker's request, `t=<unix seconds>,v1=<hex HMAC-SHA256>`.

    The key is derived from the LiveKit API secret, which worker and token server both hold, so a
    signature cannot be mistaken for anything else signed with that secret.
    """
    return f"t={at},v1={_digest(body, path=path, secret=secret, at=at)}"


def verify(header: str, body: bytes, *, path: str, secret: str, now: float) -> bool:
    """Tell whether `header` signs exactly this body for this path, recently."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    stamp, given = parts.get("t", ""), parts.get("v1", "")
    if not (stamp.isascii() and stamp.isdigit()) or abs(now - int(stamp)) > SIGNATURE_VALID_S:
        return False
    return hmac.compare_digest(
        given.encode(), _digest(body, path=path, secret=secret, at=int(stamp)).encode()
    )


def _digest(body: bytes, *, path: str, secret: str, at: int) -> str:
    key = hmac.digest(secret.encode(), b"interlocutor worker request v1", "sha256")
    return hmac.new(key, f"{at}\n{path}\n".encode() + body, hashlib.sha256).hexdigest()
