"""Everything that can go wrong between a tablet and the office, on purpose; and what is lost by it, counted.

A **story** is one run: facilitators with their tablets write records by a seed, hand them in through a proxy that harms
what passes, to a real server that is killed, finds its disk full, its database locked and its clock wrong. In the end
every tablet's journal is compared with the database.
"""
