"""A line between two programs that a test can cut and mend."""

import selectors
import socket
import threading


class Line:
    """Forwards TCP from a port of its own to a target on loopback."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._open = threading.Event()
        self._open.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            if not self._open.is_set():
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._target), 5)
            except OSError:
                near.close()
                continue
            pair = (near, far)
            with self._lock:
                self._pairs.add(pair)
            threading.Thread(target=self._forward, args=(pair,), daemon=True).start()

    def _forward(self, pair: tuple[socket.socket, socket.socket]) -> None:
        with selectors.DefaultSelector() as selector:
            near, far = pair
            selector.register(near, selectors.EVENT_READ, far)
            selector.register(far, selectors.EVENT_READ, near)
            try:
                while True:
                    for key, _ in selector.select(0.2):
                        assert isinstance(key.fileobj, socket.socket)
                        data = key.fileobj.recv(65536)
                        self._open.wait()
                        if not data:
                            return
                        key.data.sendall(data)
                    if pair not in self._pairs:
                        return
            except OSError:
                return
            finally:
                self._drop(pair)

    def _drop(self, pair: tuple[socket.socket, socket.socket]) -> None:
        with self._lock:
            self._pairs.discard(pair)
        for end in pair:
            end.close()

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        self._open.clear()
        with self._lock:
            pairs = list(self._pairs)
            self._pairs.clear()
        for pair in pairs:
            for end in pair:
                # The other thread may be reading: shutdown wakes it, close would not.
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue
        self._open_briefly()

    def _open_briefly(self) -> None:
        # Forwarders that wait for the line must see that their connection is gone.
        self._open.set()
        self._open.clear()

    def mend(self) -> None:
        """The line works again."""
        self._open.set()

    def close(self) -> None:
        """End everything."""
        self._server.close()
        self.cut()
        self._open.set()
