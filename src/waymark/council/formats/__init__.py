"""The types of things that go public."""
