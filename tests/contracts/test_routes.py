"""The template's routes and the doors' routes are the same list."""

import re

import pytest

from local.doors import door
from local.template import routes

PREFLIGHT = ("OPTIONS", "/{proxy+}")
"""Answered by any resolver that knows about CORS, so no door names it."""


@pytest.mark.parametrize("folder", sorted({route.folder for route in routes()}))
def test_a_door_answers_exactly_the_routes_that_the_template_sends_it(folder: str) -> None:
    sent = {(route.method, route.path) for route in routes() if route.folder == folder} - {PREFLIGHT}
    app = door(folder).app

    answered = {
        (one.method, re.sub(r"<(\w+)>", r"{\1}", one.path))
        for one in app._static_routes + app._dynamic_routes
    }

    assert answered - {("OPTIONS", ".+")} == sent
