"""How the server's pages are made: everything escaped, and a name that is missing is an error."""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def load_template(name: str, **filters: Callable[..., Any]) -> Template:
    """Return a template of `templates/`, with filters of its own."""
    environment = Environment(
        loader=PackageLoader("token_server"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters)
    return environment.get_template(name)
