"""The exchange that pairing and connecting share, sans-I/O: messages in, messages out (docs/protocol.md, CPace).

    host:    start() → HostOffer · answer(BrowserAnswer) → HostConfirm · finish(BrowserConfirm) → Keys, Settings
    browser: accept(HostOffer) → BrowserAnswer · verify(HostConfirm) → Keys · confirm(Settings) → BrowserConfirm

A try is spent by the host when ``answer`` returns, and is given back by a ``finish`` that succeeds; silence is a
failure. ``HostHandshake.try_spent`` says which it is at any moment. Every error is final for its exchange.
The browser's half that ships is ``web/protocol/handshake.ts``; the Python one makes the golden vectors.
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import Enum, auto

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zuruf.protocol import PROTOCOL_VERSION, cpace
from zuruf.protocol.codec import ProtocolError, encode
from zuruf.protocol.cpace import LowOrderPoint, lv_cat
from zuruf.protocol.handshake_messages import BrowserAnswer, BrowserConfirm, HostConfirm, HostOffer, Settings
from zuruf.protocol.handshake_messages import settings as settings_decoder
from zuruf.protocol.limits import SALT_LENGTH

_SEAL_NONCE = bytes(12)
_SEAL_DATA = b"zuruf settings"
_VERSION = str(PROTOCOL_VERSION).encode()


class HandshakeError(Exception):
    """The exchange is over without a key: wrong secret, altered or misplaced message. Text for logs only."""


class WrongSecret(HandshakeError):
    """The other end does not know the secret (or somebody altered a message)."""


class VersionMismatch(HandshakeError):
    """The other end speaks another version of this protocol; nothing was tried. ``version`` is the other end's."""

    def __init__(self, version: int) -> None:
        super().__init__(f"protocol {version}, expected {PROTOCOL_VERSION}")
        self.version = version


class Purpose(Enum):
    """What the key will be used for; bound into the exchange."""

    PAIRING = "pairing"
    CONNECTING = "connecting"


@dataclass(frozen=True)
class Binding:
    """What both ends must agree on beside the secret. ``run_id``: pairing run or connection."""

    purpose: Purpose
    session_id: str
    run_id: str
    tool: str = ""
    epoch: int = 0

    @property
    def channel_identifier(self) -> bytes:
        """CI of the draft."""
        return lv_cat(b"zuruf", _VERSION, self.purpose.value.encode())

    @property
    def sid(self) -> bytes:
        """32 bytes, different for every run."""
        parts = (self.purpose.value, self.session_id, self.run_id, self.tool, str(self.epoch))
        return hashlib.sha512(lv_cat(b"zuruf sid", _VERSION, *(part.encode() for part in parts))).digest()[:32]


@dataclass(frozen=True)
class Keys:
    """The key schedule of one finished exchange."""

    mac_host: bytes
    mac_browser: bytes
    host: bytes
    """AES-256 key of records from the host to the browser."""
    browser: bytes
    seal: bytes

    @classmethod
    def derive(cls, isk: bytes, sid: bytes) -> "Keys":
        """Derive every key by its label."""

        def key(label: str, length: int) -> bytes:
            return HKDF(SHA512(), length, salt=sid, info=label.encode()).derive(isk)

        return cls(
            mac_host=key("zuruf mac host", 64),
            mac_browser=key("zuruf mac browser", 64),
            host=key("zuruf key host", 32),
            browser=key("zuruf key browser", 32),
            seal=key("zuruf key seal", 32),
        )


class _State(Enum):
    NEW = auto()
    WAITING = auto()
    CONFIRMING = auto()
    DONE = auto()
    FAILED = auto()


class _Exchange:
    def __init__(self, binding: Binding, secret: bytes, scalar: bytes | None) -> None:
        self._binding = binding
        self._scalar = scalar or cpace.new_scalar()
        self._generator = cpace.generator(secret, binding.channel_identifier, binding.sid)
        self._state = _State.NEW
        self._transcript = b""
        self._keys: Keys | None = None

    def _expect(self, state: _State) -> None:
        # Failed until the step that called this has succeeded: no error leaves an exchange that could go on.
        present, self._state = self._state, _State.FAILED
        if present is not state:
            raise HandshakeError(f"out of turn: {present.name}")

    def _share(self) -> bytes:
        return cpace.multiply(self._scalar, self._generator)

    def _agree(self, other: bytes, ya: bytes, host_key: bytes, yb: bytes) -> Keys:
        try:
            k = cpace.multiply(self._scalar, other)
        except LowOrderPoint as error:
            raise HandshakeError("low-order point") from error
        self._transcript = cpace.transcript(ya, lv_cat(b"host", host_key), yb, lv_cat(b"browser"))
        isk = cpace.intermediate_session_key(self._binding.sid, k, self._transcript)
        self._keys = Keys.derive(isk, self._binding.sid)
        return self._keys

    def _browser_mac(self, keys: Keys, sealed: bytes) -> bytes:
        return hmac.digest(keys.mac_browser, self._transcript + lv_cat(sealed), "sha512")


class HostHandshake(_Exchange):
    """The host's half (initiator). ``secret``: the code's digits, or PRS; ``scalar`` only for golden vectors."""

    def __init__(
        self, binding: Binding, secret: bytes, host_key: bytes, salt: bytes = b"", scalar: bytes | None = None
    ) -> None:
        super().__init__(binding, secret, scalar)
        self._host_key = host_key
        self._salt = salt
        self._ya = b""
        self._try_spent = False

    @property
    def try_spent(self) -> bool:
        """Whether this exchange counts against the tries if it ended now: proof sent, no good answer yet."""
        return self._try_spent

    def start(self) -> HostOffer:
        """Return the first message."""
        self._expect(_State.NEW)
        self._ya = self._share()
        self._state = _State.WAITING
        return HostOffer(protocol=PROTOCOL_VERSION, ya=self._ya, host_key=self._host_key, salt=self._salt)

    def answer(self, message: BrowserAnswer) -> HostConfirm:
        """Return the host's proof. A try is spent now. Raises HandshakeError for a low-order point."""
        self._expect(_State.WAITING)
        keys = self._agree(message.yb, self._ya, self._host_key, message.yb)
        self._state = _State.CONFIRMING
        self._try_spent = True
        return HostConfirm(mac=hmac.digest(keys.mac_host, self._transcript, "sha512"))

    def finish(self, message: BrowserConfirm) -> tuple[Keys, Settings | None]:
        """Return the keys, and the settings when pairing. Raises WrongSecret; ProtocolError for unreadable settings."""
        self._expect(_State.CONFIRMING)
        assert self._keys is not None
        if not hmac.compare_digest(self._browser_mac(self._keys, message.sealed), message.mac):
            raise WrongSecret("browser's proof is wrong")
        opened: Settings | None = None
        if self._binding.purpose is Purpose.PAIRING:
            opened = open_settings(self._keys, message.sealed)
        elif message.sealed:
            raise ProtocolError("settings outside pairing")
        self._state = _State.DONE
        self._try_spent = False
        return self._keys, opened


class BrowserHandshake(_Exchange):
    """The browser's half (responder). ``expected_host_key``: known from pairing when connecting."""

    def __init__(
        self, binding: Binding, secret: bytes, expected_host_key: bytes | None = None, scalar: bytes | None = None
    ) -> None:
        super().__init__(binding, secret, scalar)
        self._expected = expected_host_key

    def accept(self, message: HostOffer) -> BrowserAnswer:
        """Return the answer to the offer.

        Raises VersionMismatch; HandshakeError for another host key, a salt of the wrong length, a low-order point.
        """
        self._expect(_State.NEW)
        if message.protocol != PROTOCOL_VERSION:
            raise VersionMismatch(message.protocol)
        if len(message.salt) != (0 if self._binding.purpose is Purpose.PAIRING else SALT_LENGTH):
            raise HandshakeError(f"salt of {len(message.salt)} bytes")
        if self._expected is not None and message.host_key != self._expected:
            raise HandshakeError("another host's key")
        yb = self._share()
        self._agree(message.ya, message.ya, message.host_key, yb)
        self._state = _State.WAITING
        return BrowserAnswer(yb=yb)

    def verify(self, message: HostConfirm) -> Keys:
        """Check the host's proof and return the keys. Raises WrongSecret: a try is spent."""
        self._expect(_State.WAITING)
        assert self._keys is not None
        if not hmac.compare_digest(hmac.digest(self._keys.mac_host, self._transcript, "sha512"), message.mac):
            raise WrongSecret("host's proof is wrong")
        self._state = _State.CONFIRMING
        return self._keys

    def confirm(self, settings: Settings | None = None) -> BrowserConfirm:
        """Return the browser's proof, with the sealed settings when pairing (and only then)."""
        if (settings is not None) is not (self._binding.purpose is Purpose.PAIRING):
            raise ValueError("settings belong to pairing, and pairing needs settings")
        self._expect(_State.CONFIRMING)
        assert self._keys is not None
        sealed = b"" if settings is None else seal_settings(self._keys, settings)
        self._state = _State.DONE
        return BrowserConfirm(mac=self._browser_mac(self._keys, sealed), sealed=sealed)


def seal_settings(keys: Keys, settings: Settings) -> bytes:
    """Encrypt the settings under the paired key. Used once a key, so the nonce is constant."""
    return AESGCM(keys.seal).encrypt(_SEAL_NONCE, encode(settings), _SEAL_DATA)


def open_settings(keys: Keys, sealed: bytes) -> Settings:
    """Decrypt and check the settings. Raises HandshakeError or ProtocolError."""
    try:
        plain = AESGCM(keys.seal).decrypt(_SEAL_NONCE, sealed, _SEAL_DATA)
    except (InvalidTag, ValueError) as error:
        raise HandshakeError("settings do not open") from error
    return settings_decoder.decode(plain)
