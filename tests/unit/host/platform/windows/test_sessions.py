from zuruf.host.platform.windows.sessions import Session, choose

ANNA, BERT = r"PC\anna", r"PC\bert"
SERVICES = Session(0, False, "")
CONSOLE = 1


def test_on_a_pc_the_customer_sits_at_the_console() -> None:
    assert choose([SERVICES, Session(1, True, ANNA)], CONSOLE, ANNA) == 1


def test_when_users_are_switched_the_one_who_sits_there_now_is_shown() -> None:
    assert choose([SERVICES, Session(1, False, ANNA), Session(2, True, BERT)], 2, ANNA) == 2


def test_at_the_sign_in_screen_nobody_sits_there() -> None:
    assert choose([SERVICES, Session(1, False, ANNA), Session(3, False, "")], 3, ANNA) is None
    assert choose([SERVICES, Session(1, True, "")], 1, "") is None


def test_the_customer_who_installed_from_afar_is_found_there() -> None:
    sessions = [SERVICES, Session(1, False, ""), Session(2, True, BERT), Session(3, True, ANNA)]
    assert choose(sessions, CONSOLE, "pc\\ANNA") == 3


def test_the_customer_comes_before_somebody_else_at_the_console() -> None:
    assert choose([Session(1, True, BERT), Session(2, True, ANNA)], CONSOLE, ANNA) == 2


def test_of_two_sessions_of_the_customer_the_consoles_is_taken() -> None:
    assert choose([Session(2, True, ANNA), Session(1, True, ANNA)], CONSOLE, ANNA) == 1


def test_a_stranger_from_afar_is_never_taken_for_the_customer() -> None:
    assert choose([SERVICES, Session(2, True, BERT), Session(3, False, ANNA)], CONSOLE, ANNA) is None


def test_an_unknown_customer_from_afar_is_the_only_one_there_is() -> None:
    assert choose([SERVICES, Session(2, True, BERT)], None, "") == 2
    assert choose([SERVICES, Session(2, True, BERT), Session(3, True, ANNA)], None, "") is None
