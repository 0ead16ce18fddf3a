"""The cooperative's own monthly figures, which it proposes and its facilitator confirms."""
