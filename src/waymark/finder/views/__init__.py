"""Pages of the finder. HTTP only: what they show comes from the selectors, their words from the content."""
