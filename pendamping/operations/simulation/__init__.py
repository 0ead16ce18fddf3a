"""A believable year that never was: people, visits, answers, plans and papers, the same for the same arguments."""
