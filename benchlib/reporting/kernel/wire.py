"""Messages between a process that wants a kernel and the one that forks it: JSON after four bytes of length, over a socket."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final

_LENGTH: Final = struct.Struct("!I")
_MOST_DESCRIPTORS: Final = 2


def send(connection: socket.socket, message: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
    """Send a message, and open files beside it.

    Parameters
    ----------
    connection : socket.socket
        A connected Unix socket.
    message : mapping
        What JSON can hold.
    descriptors : sequence of int
        Descriptors of files that the other side is to have open too.
    """
    body = json.dumps(message).encode("ascii")
    data = _LENGTH.pack(len(body)) + body
    sent = socket.send_fds(connection, [data], descriptors) if descriptors else 0
    if sent < len(data):  # to send nothing fails, if the other side has answered and closed meanwhile
        connection.sendall(data[sent:])


def receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Return the next message and the descriptors that came with it.

    Parameters
    ----------
    connection : socket.socket
        A connected Unix socket.

    Returns
    -------
    message : dict
        What was sent.
    descriptors : list of int
        Open files; the receiver closes them.

    Raises
    ------
    EOFError
        If the other side has gone.
    """
    head, descriptors, _, _ = socket.recv_fds(connection, _LENGTH.size, _MOST_DESCRIPTORS)
    head = _rest(connection, head, _LENGTH.size)
    message: dict[str, Any] = json.loads(_rest(connection, b"", *_LENGTH.unpack(head)))
    return message, descriptors


def _rest(connection: socket.socket, data: bytes, size: int) -> bytes:
    """Read on until there are `size` bytes."""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise EOFError("the other side has gone")
        data += more
    return data
