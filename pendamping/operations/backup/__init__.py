"""Copies of everything an office has: making them, keeping the right ones, and putting one back."""
