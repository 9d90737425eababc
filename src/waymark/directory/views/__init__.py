"""Pages of the directory on the staff site, and its public interface."""
