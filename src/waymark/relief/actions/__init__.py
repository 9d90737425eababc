"""Writing in relief cases: questions, drafts, steps, papers, what was sent and confirmed."""
