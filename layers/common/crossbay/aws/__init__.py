"""One thin module per AWS service: the only importers of its client."""
