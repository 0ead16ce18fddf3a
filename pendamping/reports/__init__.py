"""Papers that leave the house: the record of a visit and the plan to hang up, as PDF."""
