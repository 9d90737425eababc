"""Files that people hand in: what they are by their content, and what is taken out of them before they are kept."""
