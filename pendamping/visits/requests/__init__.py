"""Items that the agency wants looked at: asked for, answered by a visit, or taken back."""
