"""What the business talks about, as frozen dataclasses and pure functions: no cloud library, no pydantic, no clock."""
