"""What leaves the house as rows: visits, answers, actions, figures, as CSV and XLSX, streamed with flat memory."""
