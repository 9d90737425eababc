"""What a release can name, and the words in which it is told: pure data."""
