"""Holds what an endpoint will take: it starts with all we would like and gives up what is refused.

Servers that speak OpenAI's protocol differ in little things: some know no schema, some models take
no temperature. What is refused is named in the refusal, so we ask again without it.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

_PLAINER: dict[str, Literal["json_object", "text"]] = {
    "json_schema": "json_object",
    "json_object": "text",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How to ask."""

    form: Literal["json_schema", "json_object", "text"] = "json_schema"
    options: tuple[str, ...] = ("temperature", "seed", "max_completion_tokens")

    def plainer(self, refusal: str) -> "Shape | None":
        """Return the shape without what was refused, or None when there is nothing to leave out.
        A refusal that names nothing is taken to mean the form, which is what most often is."""
        said = refusal.lower()
        if self.form in _PLAINER and ("response_format" in said or "json" in said):
            return replace(self, form=_PLAINER[self.form])
        for option in self.options:
            if option in said:
                return replace(self, options=tuple(o for o in self.options if o != option))
        return replace(self, form=_PLAINER[self.form]) if self.form in _PLAINER else None

    def request(self, *, schema: dict[str, Any], seed: int, most_tokens: int) -> dict[str, Any]:
        """Return the part of a request that depends on the shape."""
        wished = {"temperature": 0, "seed": seed, "max_completion_tokens": most_tokens}
        asked: dict[str, Any] = {option: wished[option] for option in self.options}
        if self.form == "json_schema":
            form = {"name": "judgement", "strict": True, "schema": schema}
            asked["response_format"] = {"type": "json_schema", "json_schema": form}
        elif self.form == "json_object":
            asked["response_format"] = {"type": "json_object"}
        return asked
