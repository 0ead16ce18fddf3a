"""The ways out of the app. Each sends one digest and says what came back, or raises one of two."""
