"""The OpenAPI description, with the bodies that routes parse by themselves.

FastAPI describes only what it parses; a record must be verified before anybody parses it, and the
token endpoint must accept no body at all.
"""

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

REFERENCE = "#/components/schemas/{model}"


def body_schema(model: type[BaseModel]) -> dict[str, str]:
    """Return a reference to a model; `describe` must be given the model too."""
    return {"$ref": REFERENCE.format(model=model.__name__)}


def describe(app: FastAPI, bodies: Iterable[type[BaseModel]]) -> dict[str, Any]:
    """Return the app's OpenAPI description with these models in it; made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
        )
        schemas = made["components"]["schemas"]
        for model in bodies:
            schema = model.model_json_schema(ref_template=REFERENCE)
            for inner, definition in schema.pop("$defs", {}).items():
                schemas.setdefault(inner, definition)
            schemas[model.__name__] = schema
        _say_our_errors(made)
        app.openapi_schema = made
    return app.openapi_schema


def _say_our_errors(made: dict[str, Any]) -> None:
    """Put our shape of errors where FastAPI describes its own, which we never send."""
    schemas = made["components"]["schemas"]
    for own in ("HTTPValidationError", "ValidationError"):
        schemas.pop(own, None)
    content = {"application/json": {"schema": {"$ref": REFERENCE.format(model="ErrorBody")}}}
    for methods in made["paths"].values():
        for route in methods.values():
            if "HTTPValidationError" in str(route["responses"].get("422")):
                route["responses"]["422"] = {
                    "description": "The request says something impossible",
                    "content": content,
                }
