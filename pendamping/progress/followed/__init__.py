"""One item of one cooperative, followed over the year: answers, photos, actions."""
