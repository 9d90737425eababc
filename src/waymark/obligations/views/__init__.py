"""The pages of courts' papers, reports, incidents, and of what a person may see of their own record."""
