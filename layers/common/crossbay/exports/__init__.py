"""Partner files: what each partner is told of a repair order, and the proof that it is no more than that."""
