"""The facilitator's monthly report: written by the log, completed by its author, answered by the agency and locked."""
