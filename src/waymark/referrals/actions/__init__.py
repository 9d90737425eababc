"""What is done with referrals: asking, answering, moving on, ending what has run out."""
