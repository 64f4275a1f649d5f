"""The contract that server, host and browser share: messages, codes, limits, pairing, secure channel.

Start with ``docs/protocol.md``. Every module here is pure (bytes and values in, bytes and values out);
sockets, clocks and files belong to the server and the host. Nothing of ours is imported from here.

    limits.py          sizes and counts that every end enforces before it allocates
    codes.py           the error codes (ZRF-…) a person may see
    codec.py           MessagePack in and out, lengths checked first
    control.py         host ↔ server, the control socket
    pairing.py         host ↔ server ↔ browser, the pairing sockets
    relay.py           admission to the relay
    handshake_messages.py  what travels inside a pairing run and at the start of a connection
    remote_control.py  what travels inside a remote-control connection
    cpace.py           CPACE-X25519-SHA512
    handshake.py       the exchange both uses share, sans-I/O
    secure_channel.py  AES-256-GCM records
"""

PROTOCOL_VERSION = 1
"""Bound into every handshake; both ends refuse another one."""
