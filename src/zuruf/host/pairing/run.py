"""One pairing run at the host's end, sans-I/O: the server's messages in, messages to send and an outcome out."""

from collections.abc import Callable
from dataclasses import dataclass, field

from zuruf.protocol import handshake_messages
from zuruf.protocol.codec import ProtocolError, encode
from zuruf.protocol.codes import Code
from zuruf.protocol.handshake import Binding, HandshakeError, HostHandshake, Purpose, WrongSecret
from zuruf.protocol.handshake_messages import BrowserAnswer, BrowserConfirm, HandshakeMessage, Settings
from zuruf.protocol.pairing import Forward, PairingMessage, Refused, RunEnded, RunFailed, RunStarted

_KNOWN_CODES = frozenset(Code)


@dataclass(frozen=True)
class Paired:
    """The browser proved the code; its settings are open."""

    session_id: str
    settings: Settings


@dataclass(frozen=True)
class Failed:
    """This run is over. ``tries_left`` is the server's word, None when it did not say."""

    code: Code
    tries_left: int | None = None


@dataclass
class Step:
    """What to do after a message."""

    send: list[PairingMessage] = field(default_factory=list)
    outcome: Paired | Failed | None = None


def known_code(text: str) -> Code:
    """Return the peer's code as one of ours; HANDSHAKE_BROKEN for anything else."""
    return Code(text) if text in _KNOWN_CODES else Code.HANDSHAKE_BROKEN


class PairingRun:
    """Feed it every message of the pairing socket after ``host_hello`` until it has an outcome.

    ``spend`` is called right before the host's proof leaves: from then on a try is used up.
    """

    def __init__(self, code: str, host_key: bytes, spend: Callable[[], None]) -> None:
        self._code = code
        self._host_key = host_key
        self._spend = spend
        self._run_id = ""
        self._session_id = ""
        self._handshake: HostHandshake | None = None
        self._failure: Code | None = None

    def handle(self, message: PairingMessage) -> Step:
        """Return what follows from a message. Raises ProtocolError for one that has no place here."""
        match message:
            case Refused():
                return Step(outcome=Failed(known_code(message.code)))
            case RunStarted() if self._handshake is None:
                return self._started(message)
            case Forward() if message.run_id == self._run_id and self._handshake is not None:
                return self._forwarded(message.payload)
            case RunFailed() if message.run_id == self._run_id:
                self._failure = self._failure or known_code(message.code)
                return Step()
            case RunEnded() if message.run_id == self._run_id:
                return self._ended(message)
            case Forward() | RunFailed() | RunEnded():
                return Step()
        raise ProtocolError(f"{type(message).__name__} out of place")

    def _started(self, message: RunStarted) -> Step:
        self._run_id, self._session_id = message.run_id, message.session_id
        binding = Binding(Purpose.PAIRING, message.session_id, message.run_id)
        self._handshake = HostHandshake(binding, self._code.encode(), self._host_key)
        return Step(send=[self._forward(self._handshake.start())])

    def _forwarded(self, payload: bytes) -> Step:
        assert self._handshake is not None
        if self._failure is not None:
            return Step()
        try:
            inner = handshake_messages.decoder.decode(payload)
            if isinstance(inner, BrowserAnswer):
                confirm = self._handshake.answer(inner)
                self._spend()
                return Step(send=[self._forward(confirm)])
            if isinstance(inner, BrowserConfirm):
                _keys, settings = self._handshake.finish(inner)
                assert settings is not None
                return Step(outcome=Paired(self._session_id, settings))
        except WrongSecret:
            return self._fail(Code.WRONG_CODE)
        except (HandshakeError, ProtocolError):
            return self._fail(Code.HANDSHAKE_BROKEN)
        return self._fail(Code.HANDSHAKE_BROKEN)

    def _fail(self, code: Code) -> Step:
        self._failure = code
        return Step(send=[RunFailed(run_id=self._run_id, code=code.value)])

    def _ended(self, message: RunEnded) -> Step:
        code = known_code(message.code) if message.code else self._failure or Code.HANDSHAKE_BROKEN
        return Step(outcome=Failed(code, max(0, message.tries_left)))

    def _forward(self, message: HandshakeMessage) -> Forward:
        return Forward(run_id=self._run_id, payload=encode(message))
