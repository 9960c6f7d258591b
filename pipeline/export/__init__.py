"""Rows in the formats of the trade."""
