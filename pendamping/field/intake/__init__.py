"""What tablets hand in, taken in record by record: by the same forms and verbs as the pages."""
