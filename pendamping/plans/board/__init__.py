"""All actions of a caseload: board, list, what waits, one due date for several."""
