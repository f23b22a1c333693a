"""Records on the wire, and the code lists they refer to."""
