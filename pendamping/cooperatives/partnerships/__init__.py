"""With whom a cooperative trades or wants to, what that is worth, and which businesses it has chosen."""
