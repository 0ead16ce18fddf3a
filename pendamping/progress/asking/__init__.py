"""What the agency did about what needed attention: asked for a visit, asked a question, keeps an eye on it."""
