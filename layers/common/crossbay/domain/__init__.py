"""What the business talks about: frozen dataclasses and pure functions, without cloud or clock."""
