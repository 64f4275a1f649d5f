"""Both languages are held to ``vectors/``; this is Python's part. TypeScript's is ``web/protocol/*.test.ts``."""

import json
from typing import Any

import pytest
from scripts import generate_protocol_ts

from tests.contract.make_vectors import CHANNELS, FOLDER, fields_of, members, render
from zuruf.protocol import cpace, signatures
from zuruf.protocol.codec import ProtocolError, encode
from zuruf.protocol.handshake import Binding, BrowserHandshake, HostHandshake, Purpose
from zuruf.protocol.handshake_messages import BrowserAnswer, BrowserConfirm, HostConfirm, HostOffer, decoder
from zuruf.protocol.secure_channel import SecureChannel


def load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def hexes(vectors: dict[str, str]) -> dict[str, bytes]:
    return {name: bytes.fromhex(value) for name, value in vectors.items()}


DRAFT = load("cpace-x25519-vectors.json")
MESSAGES = load("messages.json")
HANDSHAKES = load("handshakes.json")

DRAFT_SCALAR = bytes.fromhex("af46e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449aff")
DRAFT_PRODUCTS = {
    "Invalid Y6": "d8e2c776bbacd510d09fd9278b7edcd25fc5ae9adfba3b6e040e8d3b71b21806",
    "Invalid Y8": "c85c655ebe8be44ba9c0ffde69f2fe10194458d137f09bbff725ce58803cdb38",
    "Invalid Y9": "db64dafa9b8fdd136914e61461935fe92aa372cb056314e1231bc4ec12417456",
    "Invalid Y10": "e062dcd5376d58297be2618c7498f55baa07d7e03184e8aada20bca28888bf7a",
    "Invalid Y11": "993c6ad11c4c29da9a56f7691fd0ff8d732e49de6250b6c2e80003ff4629a175",
}
"""The draft's table of low-order points: what this scalar makes of the points that RFC 7748's masking lets through."""


@pytest.mark.parametrize("name", sorted(render()))
def test_checked_in_vectors_are_what_the_code_makes(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == render()[name]


def test_checked_in_typescript_is_what_the_structs_make() -> None:
    assert generate_protocol_ts.TARGET.read_text(encoding="utf-8") == generate_protocol_ts.render()


def test_every_message_of_every_channel_has_a_vector() -> None:
    known = {(channel, struct.__name__) for channel, (union, _) in CHANNELS.items() for struct in members(union)}
    assert {(vector["channel"], vector["type"]) for vector in MESSAGES["messages"]} == known


@pytest.mark.parametrize("vector", MESSAGES["messages"], ids=lambda v: f"{v['channel']}-{v['type']}")
def test_message_decodes_to_its_fields_and_encodes_to_its_bytes(vector: dict[str, Any]) -> None:
    message = CHANNELS[vector["channel"]][1].decode(bytes.fromhex(vector["wire"]))
    assert type(message).__name__ == vector["type"]
    assert fields_of(message) == vector["fields"]
    assert encode(message).hex() == vector["wire"]


@pytest.mark.parametrize("vector", MESSAGES["with_unknown_fields"], ids=lambda v: f"{v['channel']}-{v['type']}")
def test_unknown_fields_are_ignored(vector: dict[str, Any]) -> None:
    message = CHANNELS[vector["channel"]][1].decode(bytes.fromhex(vector["wire"]))
    assert type(message).__name__ == vector["type"]


@pytest.mark.parametrize(
    "vector", MESSAGES["refused"], ids=lambda v: f"{v['channel']}-{v['type']}-{v['why']}".replace(" ", "_")
)
def test_malformed_message_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        CHANNELS[vector["channel"]][1].decode(bytes.fromhex(vector["wire"]))


def test_draft_vector_of_the_generator() -> None:
    draft = hexes(DRAFT["G_25519"])
    assert cpace.generator(draft["PRS"], draft["CI"], draft["sid"]) == draft["g"]


def test_draft_vectors_of_both_public_shares() -> None:
    draft = hexes(DRAFT["G_25519"])
    assert cpace.multiply(draft["ya"], draft["g"]) == draft["Ya"]
    assert cpace.multiply(draft["yb"], draft["g"]) == draft["Yb"]


def test_draft_vector_of_the_shared_secret_from_both_ends() -> None:
    draft = hexes(DRAFT["G_25519"])
    assert cpace.multiply(draft["ya"], draft["Yb"]) == draft["K"] == cpace.multiply(draft["yb"], draft["Ya"])


def test_draft_vector_of_the_intermediate_session_key() -> None:
    draft = hexes(DRAFT["G_25519"])
    run = cpace.transcript(draft["Ya"], draft["ADa"], draft["Yb"], draft["ADb"])
    assert cpace.intermediate_session_key(draft["sid"], draft["K"], run) == draft["ISK_IR"]


@pytest.mark.parametrize("name", DRAFT["X25519_points"])
def test_draft_points_of_low_order_abort_and_the_others_give_the_drafts_product(name: str) -> None:
    point = bytes.fromhex(DRAFT["X25519_points"][name])
    if name in DRAFT_PRODUCTS:
        assert cpace.multiply(DRAFT_SCALAR, point).hex() == DRAFT_PRODUCTS[name]
    else:
        with pytest.raises(cpace.LowOrderPoint):
            cpace.multiply(DRAFT_SCALAR, point)


def test_seven_of_the_drafts_twelve_points_abort() -> None:
    assert len(DRAFT["X25519_points"]) - len(DRAFT_PRODUCTS) == 7


@pytest.mark.parametrize("vector", HANDSHAKES, ids=lambda v: v["purpose"])
def test_both_ends_meet_in_the_middle_of_the_golden_handshake(vector: dict[str, Any]) -> None:
    """The host is fed the recorded messages of the browser, and the browser those of the host."""
    purpose = Purpose(vector["purpose"])
    binding = Binding(purpose, vector["session_id"], vector["run_id"], vector["tool"], vector["epoch"])
    names = ("secret", "host_key", "salt", "host_scalar", "browser_scalar")
    secret, host_key, salt, host_scalar, browser_scalar = (bytes.fromhex(vector[name]) for name in names)

    def recorded(name: str) -> Any:
        return decoder.decode(bytes.fromhex(vector[name]))

    answer, confirm = recorded("browser_answer"), recorded("browser_confirm")
    assert isinstance(answer, BrowserAnswer)
    assert isinstance(confirm, BrowserConfirm)
    host = HostHandshake(binding, secret, host_key, salt, host_scalar)
    assert encode(host.start()).hex() == vector["host_offer"]
    assert encode(host.answer(answer)).hex() == vector["host_confirm"]
    keys, settings = host.finish(confirm)
    assert {name: getattr(keys, name).hex() for name in vector["keys"]} == vector["keys"]
    assert (None if settings is None else fields_of(settings)) == vector["settings"]

    offer, proof = recorded("host_offer"), recorded("host_confirm")
    assert isinstance(offer, HostOffer)
    assert isinstance(proof, HostConfirm)
    browser = BrowserHandshake(binding, secret, None if purpose is Purpose.PAIRING else host_key, browser_scalar)
    assert encode(browser.accept(offer)).hex() == vector["browser_answer"]
    assert browser.verify(proof) == keys
    assert encode(browser.confirm(settings)).hex() == vector["browser_confirm"]


def test_golden_records_open_in_order() -> None:
    vectors = load("records.json")
    channel = SecureChannel(bytes(32), bytes.fromhex(vectors["key"]))
    for vector in vectors["records"]:
        assert channel.open(bytes.fromhex(vector["record"])).hex() == vector["plaintext"]


def test_golden_prs_and_its_independence_of_how_umlauts_are_composed() -> None:
    vectors = load("prs.json")
    for vector in vectors:
        assert signatures.derive_prs(vector["password"], bytes.fromhex(vector["salt"])).hex() == vector["prs"]
    composed, decomposed = vectors[1:3]
    assert composed["password"] != decomposed["password"]
    assert composed["prs"] == decomposed["prs"]


def test_golden_signatures_verify() -> None:
    vectors = load("signatures.json")
    key = bytes.fromhex(vectors["public_key"])
    challenge = signatures.control_transcript(vectors["session_id"], bytes.fromhex(vectors["nonce"]))
    report = signatures.report_transcript(vectors["session_id"], **vectors["report"])
    assert challenge.hex() == vectors["control_transcript"]
    assert report.hex() == vectors["report_transcript"]
    assert signatures.verify(key, challenge, bytes.fromhex(vectors["control_signature"]))
    assert signatures.verify(key, report, bytes.fromhex(vectors["report_signature"]))
