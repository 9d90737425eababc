"""Writing what courts, laws and clocks ask for, what left because it had to, and what a person was shown and said."""
