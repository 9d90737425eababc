"""Files and shapes of the diversion program: templates as data, references, what a report may say."""
