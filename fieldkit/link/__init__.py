"""The way to the server: what can be asked, over what, and signed in how."""
