"""Calls from other threads, one after the other in the window's."""

from zuruf.host.ui.orders import Orders


class CountingWaker:
    def __init__(self) -> None:
        self.count = 0

    def wake(self) -> None:
        self.count += 1

    def close(self) -> None:
        pass


def test_orders_wait_for_the_window_and_come_in_their_order() -> None:
    orders: Orders[list[int]] = Orders()
    done: list[int] = []
    for number in range(3):
        orders.put(lambda window, number=number: window.append(number))
    orders.work_off(done)
    assert done == [0, 1, 2]


def test_an_order_within_an_order_waits_its_turn() -> None:
    orders: Orders[list[str]] = Orders()
    done: list[str] = []

    def first(window: list[str]) -> None:
        orders.put(lambda window: window.append("second"))
        orders.work_off(window)
        window.append("first")

    orders.put(first)
    orders.work_off(done)
    assert done == ["first", "second"]


def test_every_order_wakes_a_window_that_is_there() -> None:
    orders: Orders[None] = Orders()
    waker = CountingWaker()
    orders.put(lambda _window: None)
    orders.woken_by(waker)
    orders.put(lambda _window: None)
    orders.woken_by(None)
    orders.put(lambda _window: None)
    assert waker.count == 1
