"""Which addresses a Space may live at. Every socket of the transport is opened here, after a look at its address.

What is looked at is the address that is connected to, so a name that resolves differently a moment later gains
nothing.
"""

import errno
import ipaddress
import socket
from collections.abc import Callable
from typing import Any

from yarl import URL

from core.errors import Unreachable

AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]
"""As `socket.getaddrinfo` gives it."""


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefused(OSError):
    """The address is inside a private network, or is no address at all."""


def permitted(address: str, loopback: bool) -> bool:
    """Whether a socket may be connected there: public addresses; this machine only where `loopback` says so."""
    try:
        place = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    place = _inner(place)
    if place.is_loopback:
        return loopback
    return place.is_global and not place.is_multicast


def origin(host: str, loopback: bool) -> URL:
    """The origin of a Space as the Hub names it, ready to hang paths on.

    Raises Unreachable unless it is https, or http on this machine where `loopback` allows it.
    """
    try:
        url = URL(host)
        name = url.host or ""
    except ValueError:
        url, name = URL(), ""
    if not name or url.user is not None or url.password is not None:
        raise Unreachable(f"'{host[:100]}' is not an address that a Space can have")
    if url.scheme != "https" and not (url.scheme == "http" and loopback and on_this_machine(name)):
        raise Unreachable(f"{name} is not called: Spaces are called over https only")
    if _is_address(name) and not permitted(name, loopback):
        raise Unreachable(f"{name} is not called: it is not a public address")
    return url.origin()


def sockets(loopback: bool) -> Callable[[AddressInfo], socket.socket]:
    """A socket factory for aiohttp that refuses addresses which are not permitted."""

    def make(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, place = info
        if not permitted(str(place[0]), loopback):
            raise AddressRefused(errno.EACCES, f"{place[0]} is not a public address")
        return socket.socket(family=family, type=kind, proto=protocol)

    return make


def on_this_machine(host: str) -> bool:
    """Whether a host name or address means loopback."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _inner(place: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address that an IPv6 address leads to: mapped by the kernel, by NAT64 or by 6to4."""
    if isinstance(place, ipaddress.IPv4Address):
        return place
    if place in _NAT64:
        return ipaddress.IPv4Address(int(place) & 0xFFFFFFFF)
    return place.ipv4_mapped or place.sixtofour or place


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
