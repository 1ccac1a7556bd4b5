"""HTTP to servers that are mostly on this machine, where a proxy must not get in between."""

import ipaddress
from urllib.parse import urlsplit

import httpx


def http_client(url: str, *, timeout_s: float) -> httpx.AsyncClient:
    """Return a client for a server; a loopback address is reached directly."""
    timeout = httpx.Timeout(timeout_s, connect=5)
    return httpx.AsyncClient(timeout=timeout, trust_env=not on_this_machine(url))


def on_this_machine(url: str) -> bool:
    """Tell whether an address is a loopback one."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
