"""The server's exception tree. What a person sees is made from the code, never from the text of an exception."""

from zuruf.protocol.codes import Code


class ServerError(Exception):
    """Carries a ``Code``, the HTTP status it maps to, and parameters for the sentence a person sees."""

    status = 400

    def __init__(self, code: Code, **params: str | int) -> None:
        super().__init__(code.value, params)
        self.code = code
        self.params = params


class NotFound(ServerError):
    """The thing does not exist, or not for this user (the two look alike on purpose)."""

    status = 404


class Conflict(ServerError):
    """The request does not fit the present state or a limit."""

    status = 409


class Forbidden(ServerError):
    """Known, but not allowed."""

    status = 403


class Unauthenticated(ServerError):
    """Nobody is signed in, or the credentials are wrong."""

    status = 401


class TooMany(ServerError):
    """A rate limit; ``retry_after_s`` is among the parameters."""

    status = 429
