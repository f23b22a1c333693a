"""TLS for a county's LAN: the pair that ``run`` serves with, and an own authority."""
