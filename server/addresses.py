"""How a listening socket is written as a URL."""


def address(host: str, port: int, scheme: str = "http") -> str:
    """Return the URL of a listening socket; one on every interface is named locally."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"{scheme}://[{name}]:{port}" if ":" in name else f"{scheme}://{name}:{port}"
