"""Who grades is what the settings say, and a wish that cannot be met is refused at the start."""

import pytest
from pydantic import ValidationError

from agent.assessment.rubric import load_rubric
from agent.grading import choose_grader
from agent.mind.appraisal import load_lexicon
from agent.settings import Settings

pytestmark = pytest.mark.unit

RUBRIC, LEXICON = load_rubric("clinical-communication"), load_lexicon("en")
KEY = "sk-nobodys"


def read(**keys: object) -> Settings:
    return Settings(_env_file=None, **keys)


@pytest.fixture(autouse=True)
def _nobodys_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.mark.parametrize(
    ("keys", "kind", "model"),
    [
        pytest.param({}, "local", "rules-en", id="no key"),
        pytest.param({"openai_api_key": KEY}, "llm", "gpt-4.1-mini", id="a key"),
        pytest.param(
            {"openai_api_key": KEY, "mind_model": "llama-3.3"},
            "llm",
            "llama-3.3",
            id="the persona's model",
        ),
        pytest.param(
            {"openai_api_key": KEY, "grader": "llm", "grader_model": "judge-7b"},
            "llm",
            "judge-7b",
            id="a model of its own",
        ),
        pytest.param(
            {"openai_api_key": KEY, "grader": "local"}, "local", "rules-en", id="a key, but local"
        ),
    ],
)
async def test_the_grader_is_the_one_that_is_said_to_grade(
    keys: dict[str, object], kind: str, model: str
) -> None:
    settings = read(**keys)

    version = choose_grader(settings, RUBRIC, LEXICON).version

    assert (version.kind, version.model.startswith(model)) == (kind, True)
    assert (settings.providers()["grading"] == "this machine, rules and models") == (
        kind == "local"
    )
    assert model in settings.providers()["grading"] or kind == "local"


def test_a_language_model_without_a_key_stops_the_start() -> None:
    with pytest.raises(ValidationError, match="OPENAI_API_KEY") as refused:
        read(grader="llm")

    assert refused.value.errors()[0]["loc"] == ("grader",)
