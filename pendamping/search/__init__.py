"""Finding words in everything that somebody may see: cooperatives, people, visits' notes, actions."""
