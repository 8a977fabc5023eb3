"""One module per use case: gather, decide, act. Doors call these; the rules they apply are pure functions."""
