import { describe, expect, it } from "vitest";
import { ChannelError } from "../../../protocol/channel";
import { ProtocolError } from "../../../protocol/codec";
import { closeCodes, codes } from "../../../protocol/generated/messages";
import { HandshakeError, VersionMismatch, WrongSecret } from "../../../protocol/handshake";
import { closeFailure, Failure, failureOf, knownCode, verdictOn } from "./failure";

describe("failures", () => {
  it.each([
    [new WrongSecret(), codes.WRONG_PASSWORD, "password"],
    [new VersionMismatch(2), codes.APP_TOO_OLD, "stopped"],
    [new HandshakeError(), codes.HANDSHAKE_BROKEN, "stopped"],
    [new ChannelError(), codes.MALFORMED_MESSAGE, "stopped"],
    [new ProtocolError(), codes.MALFORMED_MESSAGE, "stopped"],
    [new Failure(codes.SESSION_ENDED), codes.SESSION_ENDED, "ended"],
    [new Failure(codes.NOT_SIGNED_IN), codes.NOT_SIGNED_IN, "signed_out"],
    [new RangeError(), codes.INTERNAL, "retry"],
  ])("%s becomes %s and means %s", (error, code, verdict) => {
    const failure = failureOf(error);
    expect(failure.code).toBe(code);
    expect(verdictOn(failure)).toBe(verdict);
  });

  it.each([
    [closeCodes.SESSION_ENDED, "", codes.SESSION_ENDED],
    [closeCodes.PARTNER_LEFT, "", codes.PEER_LEFT],
    [closeCodes.PARTNER_MISSING, "", codes.HOST_OFFLINE],
    [closeCodes.NOT_ADMITTED, "", codes.TICKET_INVALID],
    [closeCodes.NOT_ADMITTED, codes.CUSTOMER_REFUSED, codes.CUSTOMER_REFUSED],
    [closeCodes.NOT_ADMITTED, "<img src=x>", codes.INTERNAL],
    [1006, "", codes.NO_CONNECTION],
    [1012, "", codes.NO_CONNECTION],
  ])("a socket closed with %i %s is %s", (closeCode, reason, code) => {
    expect(closeFailure(closeCode, reason).code).toBe(code);
  });

  it("every close code of the protocol has a meaning of its own", () => {
    for (const closeCode of Object.values(closeCodes)) {
      expect(closeFailure(closeCode, "").code).not.toBe(codes.NO_CONNECTION);
    }
  });

  it("a code nobody knows is not shown", () => {
    expect(knownCode("ZRF-404")).toBe("ZRF-404");
    expect(knownCode("ZRF-000<script>")).toBe(codes.INTERNAL);
  });
});
