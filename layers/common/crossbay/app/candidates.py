"""Who may be the same person: candidates from the search index, scored pair by pair (S9, S23)."""
