import { describe, expect, test } from "vitest";
import vectors from "../../tests/contract/vectors/handshakes.json";
import { handshake, ProtocolError, settings as settingsCodec } from "./codec";
import * as cpace from "./cpace";
import type { HostConfirm, HostOffer, Settings } from "./generated/messages";
import {
  type Binding,
  BrowserHandshake,
  codeSecret,
  connectingBinding,
  deriveKeys,
  HandshakeError,
  identifiers,
  pairingBinding,
  VersionMismatch,
  WrongSecret,
} from "./handshake";
import { hex, toHex } from "./testing";

type Vector = (typeof vectors)[number];

const [PAIRING, CONNECTING] = vectors as unknown as readonly [Vector, Vector];
const LOW_ORDER = new Uint8Array(32);

function bindingOf(vector: Vector): Binding {
  return vector.purpose === "pairing"
    ? pairingBinding(vector.session_id, vector.run_id)
    : connectingBinding(vector.session_id, vector.run_id, vector.tool, vector.epoch);
}

function browserOf(vector: Vector, secret: Uint8Array = hex(vector.secret)): BrowserHandshake {
  const hostKey = vector.purpose === "pairing" ? null : hex(vector.host_key);
  return new BrowserHandshake(bindingOf(vector), secret, hostKey, hex(vector.browser_scalar));
}

function offerOf(vector: Vector): HostOffer {
  return handshake.decode(hex(vector.host_offer)) as HostOffer;
}

function confirmOf(vector: Vector): HostConfirm {
  return handshake.decode(hex(vector.host_confirm)) as HostConfirm;
}

function settingsOf(vector: Vector): Settings | null {
  return vector.settings === null ? null : settingsCodec.decode(hex(vector.settings_plain));
}

describe.each(vectors)("golden handshake for $purpose", (vector) => {
  test("identifiers and generator", () => {
    const { ci, sid } = identifiers(bindingOf(vector));
    expect(toHex(ci)).toBe(vector.ci);
    expect(toHex(sid)).toBe(vector.sid);
    expect(toHex(cpace.generator(hex(vector.secret), ci, sid))).toBe(vector.generator);
  });

  test("intermediate session key and key schedule", () => {
    const isk = cpace.intermediateSessionKey(hex(vector.sid), hex(vector.k), hex(vector.transcript));
    expect(toHex(isk)).toBe(vector.isk);
    const keys = deriveKeys(isk, hex(vector.sid));
    expect({
      mac_host: toHex(keys.macHost),
      mac_browser: toHex(keys.macBrowser),
      host: toHex(keys.host),
      browser: toHex(keys.browser),
      seal: toHex(keys.seal),
    }).toEqual(vector.keys);
  });

  test("every message of the browser", async () => {
    const browser = browserOf(vector);
    expect(toHex(handshake.encode(browser.accept(offerOf(vector))))).toBe(vector.browser_answer);
    expect(toHex(browser.verify(confirmOf(vector)).browser)).toBe(vector.keys.browser);
    const confirm = await browser.confirm(settingsOf(vector));
    expect(toHex(confirm.sealed)).toBe(vector.sealed);
    expect(toHex(handshake.encode(confirm))).toBe(vector.browser_confirm);
  });

  test("a wrong secret fails at the host's proof", () => {
    const browser = browserOf(vector, codeSecret("999999999"));
    browser.accept(offerOf(vector));
    expect(() => browser.verify(confirmOf(vector))).toThrow(WrongSecret);
  });

  test("any bit flipped in the host's messages ends in failure", () => {
    const offer = hex(vector.host_offer);
    const confirm = hex(vector.host_confirm);
    const salt = (vector.purpose === "pairing" ? 0 : 16) * 8;
    for (let bit = 0; bit < (offer.length + confirm.length) * 8; bit += 5) {
      const messages = [Uint8Array.from(offer), Uint8Array.from(confirm)] as const;
      const inOffer = bit < offer.length * 8;
      // Another salt means another PRS, which the caller derives: `prs.test.ts`.
      if (inOffer && bit >= offer.length * 8 - salt) continue;
      const [message, at] = inOffer ? [messages[0], bit] : [messages[1], bit - offer.length * 8];
      message[at >> 3] = (message[at >> 3] as number) ^ (1 << (at & 7));
      let failure: unknown = null;
      try {
        run(vector, ...messages);
      } catch (error) {
        failure = error;
      }
      expect(failure instanceof ProtocolError || failure instanceof HandshakeError, `bit ${bit}`).toBe(true);
    }
  });

  test("nothing succeeds after an error", () => {
    const browser = browserOf(vector);
    browser.accept(offerOf(vector));
    expect(() => browser.verify({ t: "host_confirm", mac: new Uint8Array(64) })).toThrow(WrongSecret);
    expect(() => browser.verify(confirmOf(vector))).toThrow(/out of turn/);
  });

  test("steps out of turn are refused", async () => {
    expect(() => browserOf(vector).verify(confirmOf(vector))).toThrow(HandshakeError);
    await expect(browserOf(vector).confirm(settingsOf(vector))).rejects.toThrow(HandshakeError);
    const twice = browserOf(vector);
    twice.accept(offerOf(vector));
    expect(() => twice.accept(offerOf(vector))).toThrow(HandshakeError);
  });

  test("a low-order point is refused", () => {
    expect(() => browserOf(vector).accept({ ...offerOf(vector), ya: LOW_ORDER })).toThrow(/low-order/);
  });

  test("another version is named", () => {
    expect(() => browserOf(vector).accept({ ...offerOf(vector), protocol: 2 })).toThrow(VersionMismatch);
    expect(() => browserOf(vector).accept({ ...offerOf(vector), protocol: 2 })).toThrow(/protocol 2, expected 1/);
  });

  test("a salt of the wrong length is refused", () => {
    expect(() => browserOf(vector).accept({ ...offerOf(vector), salt: new Uint8Array(15) })).toThrow(/salt/);
  });

  function run(which: Vector, offer: Uint8Array, confirm: Uint8Array): void {
    const browser = browserOf(which);
    const first = handshake.decode(offer);
    if (first.t !== "host_offer") throw new ProtocolError("another message was expected");
    browser.accept(first);
    const second = handshake.decode(confirm);
    if (second.t !== "host_confirm") throw new ProtocolError("another message was expected");
    browser.verify(second);
  }
});

test("another host's key is refused when connecting", () => {
  const offer = { ...offerOf(CONNECTING), host_key: new Uint8Array(32) };
  expect(() => browserOf(CONNECTING).accept(offer)).toThrow(/another host's key/);
});

test("connecting needs the host's key, pairing does not know it", () => {
  const secret = hex(PAIRING.secret);
  expect(() => new BrowserHandshake(bindingOf(CONNECTING), secret, null)).toThrow(TypeError);
  expect(() => new BrowserHandshake(bindingOf(PAIRING), secret, new Uint8Array(32))).toThrow(TypeError);
});

test("settings go with pairing, and only with it", async () => {
  await expect(browserOf(PAIRING).confirm(null)).rejects.toThrow(TypeError);
  await expect(browserOf(CONNECTING).confirm(settingsOf(PAIRING))).rejects.toThrow(TypeError);
});

test("the code is its digits as ASCII", () => {
  expect(toHex(codeSecret("012345678"))).toBe(PAIRING.secret);
});

test("every exchange has another share", () => {
  const shares = [1, 2].map(() => {
    const browser = new BrowserHandshake(bindingOf(PAIRING), hex(PAIRING.secret), null);
    return toHex(browser.accept(offerOf(PAIRING)).yb);
  });
  expect(shares[0]).not.toBe(shares[1]);
});
