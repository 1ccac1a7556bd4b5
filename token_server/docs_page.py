"""The API's description as one plain page.

The usual interactive page loads its scripts from the internet; this one must work without it and
under our own content security policy.
"""

from html import escape
from typing import Any

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}: API</title>
<meta name="viewport" content="width=device-width"></head><body>
<h1>{title}: API</h1>
{about}
<p>The same for programs: <a href="/openapi.json">openapi.json</a></p>
{body}
</body></html>
"""


def render_docs(openapi: dict[str, Any]) -> str:
    """Return the page for an OpenAPI description: every route with its fields and answers."""
    info = openapi["info"]
    paragraphs = "".join(f"<p>{escape(each)}</p>" for each in info["description"].split("\n\n"))
    routes = [
        (path, method, route)
        for path, methods in openapi["paths"].items()
        for method, route in methods.items()
    ]
    body = "".join(
        f"<h2>{escape(tag['name'])}</h2><p>{escape(tag['description'])}</p>"
        + "".join(_route(*each, openapi) for each in routes if tag["name"] in each[2]["tags"])
        for tag in openapi["tags"]
    )
    return PAGE.format(title=escape(info["title"]), about=paragraphs, body=body)


def _route(path: str, method: str, route: dict[str, Any], openapi: dict[str, Any]) -> str:
    fields = [
        (each["name"], each["in"], each.get("required", False), each.get("schema", {}))
        for each in route.get("parameters", ())
    ] + _body_fields(route, openapi)
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{where}</td>"
        f"<td>{'required' if required else 'optional'}</td><td>{escape(_kind(schema))}</td></tr>"
        for name, where, required, schema in fields
    )
    table = f"<table><tbody>{rows}</tbody></table>" if rows else ""
    answers = "".join(
        f"<li>{code}: {escape(_answer(answer))}</li>" for code, answer in route["responses"].items()
    )
    return (
        f"<h3><code>{method.upper()} {escape(path)}</code></h3>"
        f"<p>{escape(route['summary'])}. {escape(route.get('description', ''))}</p>"
        f"{table}<ul>{answers}</ul>"
    )


def _body_fields(
    route: dict[str, Any], openapi: dict[str, Any]
) -> list[tuple[str, str, bool, dict[str, Any]]]:
    content = route.get("requestBody", {}).get("content", {})
    schema = _named(content.get("application/json", {}).get("schema", {}), openapi)
    required = schema.get("required", ())
    fields = schema.get("properties", {}).items()
    return [(name, "body", name in required, field) for name, field in fields]


def _named(schema: dict[str, Any], openapi: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: dict[str, Any] = openapi["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    return found


def _kind(schema: dict[str, Any]) -> str:
    choices = schema.get("anyOf") or [schema]
    kinds = [
        " | ".join(map(str, each["enum"])) if "enum" in each else _name(each) for each in choices
    ]
    words = " or ".join(kinds)
    return f"{words}: {schema['description']}" if "description" in schema else words


def _name(schema: dict[str, Any]) -> str:
    return str(schema.get("type") or schema.get("$ref", "").rsplit("/", 1)[-1] or "anything")


def _answer(answer: dict[str, Any]) -> str:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    shape = _name(schema.get("items", schema)) if schema else ""
    listed = "list of " if schema.get("type") == "array" else ""
    return f"{answer['description']} ({listed}{shape})" if shape else str(answer["description"])
