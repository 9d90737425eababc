"""Reading the chains: are they whole, and what do they tell?"""

from waymark.audit.selectors.chains import Problem, chains, digest_of, head_of, heads, problems_of

__all__ = ["Problem", "chains", "digest_of", "head_of", "heads", "problems_of"]
