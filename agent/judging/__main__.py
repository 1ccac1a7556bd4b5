"""`python -m agent.judging ID`: a persona played by a language model, judged by another.

Needs OPENAI_API_KEY (and takes OPENAI_BASE_URL). Exit 0: it seemed real, told no secret and
contradicted nothing; 1: it did not, or could not be judged; 2: there is no key.
"""

import argparse
import asyncio
import json
import sys

from rich.console import Console

from agent.judging.acted import ActedTalk
from agent.judging.errors import JudgingError
from agent.judging.judge import Verdict
from agent.judging.live import JUDGE_MODEL, TRAINEES, judge_live
from agent.judging.show import show
from agent.local_models.errors import ModelMissing
from agent.logs import configure_logs
from agent.rehearsal.encoder import PackagedEncoder
from agent.settings import Settings
from personas.library import Library, ScenarioError


def main(arguments: list[str] | None = None) -> int:
    """Play one rehearsal, print what the judge says and return the exit code."""
    settings = Settings()
    asked = _parser(settings.mind_model).parse_args(arguments)
    if settings.openai_api_key is None:
        print("OPENAI_API_KEY is not set; a persona is judged by a live model", file=sys.stderr)
        return 2
    configure_logs("WARNING")
    own = settings.scenarios_dir
    try:
        talk, verdict = asyncio.run(
            judge_live(
                Library(*([own] if own else [])).get(asked.id),
                asked.trainee,
                actor=asked.model,
                judge=asked.judge_model,
                encoder=PackagedEncoder(settings.data_dir),
                api_key=settings.openai_api_key.get_secret_value(),
                base_url=settings.openai_base_url,
            )
        )
    except (ScenarioError, ModelMissing) as error:
        print(error, file=sys.stderr)
        return 1
    except JudgingError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return 1
    if asked.json:
        about = {"trainee": asked.trainee, "actor": asked.model}
        print(json.dumps(about | as_document(talk, verdict), indent=2, ensure_ascii=False))
    else:
        show(talk, verdict, Console(highlight=False))
    return 0 if verdict.holds_up() else 1


def as_document(talk: ActedTalk, verdict: Verdict) -> dict[str, object]:
    """Return talk and verdict as plain data."""
    return {
        "scenario_id": talk.scenario.id,
        "holds_up": verdict.holds_up(),
        **verdict.model_dump(mode="json"),
        "talk": [
            {
                "reply": each.reply,
                "line": each.line,
                "allowed": sorted(each.allowed),
                "state": {"arousal": each.mood.arousal, "trust": each.mood.trust},
            }
            for each in talk.answered
        ],
    }


def _parser(mind_model: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m agent.judging",
        description="Play a persona with a language model, by text, and have another judge it.",
    )
    parser.add_argument("id", metavar="ID", help="id of the scenario")
    parser.add_argument("--trainee", choices=TRAINEES, default="good")
    parser.add_argument("--model", default=mind_model, help="the actor (default: %(default)s)")
    parser.add_argument("--judge-model", default=JUDGE_MODEL, help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="print everything as one document")
    return parser


if __name__ == "__main__":
    sys.exit(main())
