"""Positions, datums, protected-origin areas and counties: pure geometry."""
