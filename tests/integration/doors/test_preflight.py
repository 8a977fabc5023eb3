"""What a browser asks before it sends a request of another page's."""

from local.template import routes
from tests.helpers.doors import Doors


def test_every_routes_preflight_allows_its_method_and_the_headers_that_it_takes() -> None:
    for route in routes():
        if route.method == "HEAD":
            continue  # a browser asks nothing before it sends one
        path = route.path.replace("{", "").replace("}", "")
        headers = {"Origin": "https://console.example.com", "Access-Control-Request-Method": route.method}

        answer = Doors().answer("OPTIONS", path, headers, {}, b"", {})

        assert answer.status_code == 204, answer.text
        assert route.method in answer.headers["access-control-allow-methods"]
        assert "Idempotency-Key" in answer.headers["access-control-allow-headers"]
        assert answer.headers["access-control-allow-origin"] == "*"
