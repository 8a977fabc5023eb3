"""What came of it: pure counts over records."""
