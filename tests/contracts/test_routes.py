"""The template's routes and the doors' routes are the same list."""

import re

import pytest

from local.doors import door
from local.template import routes

PREFLIGHT = ("OPTIONS", "/{proxy+}")
"""The one route that stands for every path."""


@pytest.mark.parametrize("folder", sorted({route.folder for route in routes()}))
def test_a_door_answers_exactly_the_routes_that_the_template_sends_it(folder: str) -> None:
    sent = {(route.method, route.path) for route in routes() if route.folder == folder}
    app = door(folder).app

    answered = {
        (one.method, _in_the_templates_spelling(one.path)) for one in app._static_routes + app._dynamic_routes
    }

    assert answered == sent


def _in_the_templates_spelling(path: str) -> str:
    """`<shop_id>` as `{shop_id}`, and a path that takes all the rest as API Gateway's greedy one."""
    return PREFLIGHT[1] if path == ".+" else re.sub(r"<(\w+)>", r"{\1}", path)
