"""Small pictures of what devices sent, for the bureau; originals stay as they came."""
