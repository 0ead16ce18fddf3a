"""The facilitator's own pages."""
