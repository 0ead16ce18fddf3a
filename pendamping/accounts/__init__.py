"""Users, sign-in, languages and passwords."""
