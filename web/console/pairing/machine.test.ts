import { describe, expect, test } from "vitest";
import { closeCodes, codes, type HostConfirm, type HostOffer, limits } from "../../protocol/generated/messages";
import { initialPairing, type PairingCommand, type PairingEvent, type PairingState, pair } from "./machine";

const RUN = "run-1";
const CODE = { digits: "123456789", expiresAt: 600_000, triesLeft: 5 };
const offer: HostOffer = {
  t: "host_offer",
  protocol: 1,
  ya: new Uint8Array(32),
  host_key: new Uint8Array(32),
  salt: new Uint8Array(),
};
const proof: HostConfirm = { t: "host_confirm", mac: new Uint8Array(64) };
const answer = { t: "browser_answer", yb: new Uint8Array(32) } as const;
const confirm = { t: "browser_confirm", mac: new Uint8Array(64), sealed: new Uint8Array(10) } as const;

/** Plays events one after the other; gives the last state and every command of the last event. */
function play(events: readonly PairingEvent[], from: PairingState = initialPairing) {
  let state = from;
  let commands: readonly PairingCommand[] = [];
  for (const event of events) [state, commands] = pair(state, event);
  return { state, commands, names: commands.map((command) => command.type) };
}

const started = (run_id: string, tries_left = 5): PairingEvent => ({
  type: "message",
  message: { t: "run_started", run_id, session_id: "s", tries_left, platform: "linux", app_version: "1" },
});
const ended = (run_id: string, code: string, tries_left: number): PairingEvent => ({
  type: "message",
  message: { t: "run_ended", run_id, code, tries_left },
});
const listening: PairingEvent[] = [{ type: "code_made", code: CODE }, { type: "line_open" }];
const offered: PairingEvent[] = [...listening, started(RUN), { type: "handshake_message", runId: RUN, message: offer }];
const proving: PairingEvent[] = [
  ...offered,
  { type: "answered", runId: RUN, answer },
  { type: "handshake_message", runId: RUN, message: proof },
];
const sealed: PairingEvent[] = [
  ...proving,
  { type: "host_proved", runId: RUN },
  { type: "registered", runId: RUN },
  { type: "sealed", runId: RUN, confirm },
];

describe("a run", () => {
  test("begins by answering the offer with the code of this tab", () => {
    expect(play(offered).commands).toEqual([{ type: "answer_offer", runId: RUN, digits: CODE.digits, offer }]);
  });

  test("registers the host's key only after the host's proof was good", () => {
    expect(play(proving).names).toEqual(["check_proof"]);
    expect(play([...proving, { type: "host_proved", runId: RUN }]).names).toEqual(["register"]);
  });

  test("sends the settings only after the key is registered", () => {
    const refused = play([
      ...proving,
      { type: "host_proved", runId: RUN },
      { type: "registration_refused", runId: RUN, code: codes.WRONG_STATE },
    ]);
    expect(refused.names).toEqual(["send", "forget_run"]);
    expect(refused.state.lastFailure).toBe(codes.WRONG_STATE);
    expect(play(sealed).commands).toEqual([{ type: "send_handshake", runId: RUN, message: confirm }]);
  });

  test("succeeds with the server's word after the browser's proof, and the code is used up", () => {
    const { state, names } = play([...sealed, ended(RUN, "", 0)]);
    expect(state).toMatchObject({ paired: true, code: null, run: null, codeLost: null });
    expect(names).toEqual(["forget_run", "hang_up"]);
  });

  test("is not believed to have succeeded before the browser's proof went out", () => {
    const { state } = play([...proving, ended(RUN, "", 5)]);
    expect(state.paired).toBe(false);
    expect(state.lastFailure).toBe(codes.HANDSHAKE_BROKEN);
  });

  test("costs a try when the host's proof is wrong, and the host is told", () => {
    const { state, commands } = play([...proving, { type: "proof_wrong", runId: RUN }]);
    expect(state.code?.triesLeft).toBe(4);
    expect(commands[0]).toEqual({ type: "send", message: { t: "run_failed", run_id: RUN, code: codes.WRONG_CODE } });
  });

  test("costs a try when the proof went out and no success came back", () => {
    expect(play([...sealed, ended(RUN, codes.PEER_LEFT, 5)]).state.code?.triesLeft).toBe(4);
    expect(play([...sealed, { type: "line_lost", closeCode: 1006 }]).state.code?.triesLeft).toBe(4);
  });

  test("costs no try of this end when the line breaks before any proof", () => {
    expect(play([...offered, { type: "line_lost", closeCode: 1006 }]).state.code?.triesLeft).toBe(5);
  });

  test("takes the server's count where that is lower", () => {
    expect(play([...offered, ended(RUN, codes.PEER_LEFT, 3)]).state.code?.triesLeft).toBe(3);
  });

  test("ends on messages out of turn", () => {
    const early = play([...offered, { type: "handshake_message", runId: RUN, message: proof }]);
    expect(early.state.run).toBeNull();
    expect(early.commands[0]).toMatchObject({ message: { code: codes.HANDSHAKE_BROKEN } });
    expect(
      play([...listening, started(RUN), { type: "handshake_message", runId: RUN, message: null }]).state.run,
    ).toBeNull();
  });

  test("names a host of another version", () => {
    const broken: PairingEvent = { type: "handshake_broken", runId: RUN, code: codes.APP_TOO_OLD };
    expect(play([...offered, broken]).state.lastFailure).toBe(codes.APP_TOO_OLD);
  });

  test("is not disturbed by what belongs to another run", () => {
    const before = play(offered).state;
    for (const late of [
      { type: "answered", runId: "old", answer },
      { type: "proof_wrong", runId: "old" },
      { type: "sealed", runId: "old", confirm },
    ] as const) {
      expect(play([late], before)).toMatchObject({ state: before, commands: [] });
    }
  });

  test("gives way to the next one", () => {
    const { state, names } = play([...offered, started("run-2", 4)]);
    expect(state.run).toEqual({ id: "run-2", step: "offer" });
    expect(names).toEqual(["forget_run"]);
  });
});

describe("a code", () => {
  test("dies with the fifth wrong try, whatever the server says", () => {
    let state = play(listening).state;
    for (let i = 1; i <= limits.CODE_TRIES; i++) {
      const id = `run-${i}`;
      state = play(
        [
          started(id, 5),
          { type: "handshake_message", runId: id, message: offer },
          { type: "answered", runId: id, answer },
          { type: "handshake_message", runId: id, message: proof },
          { type: "proof_wrong", runId: id },
        ],
        state,
      ).state;
      expect(state.code?.triesLeft ?? 0).toBe(limits.CODE_TRIES - i);
    }
    expect(state).toMatchObject({ code: null, codeLost: "tries" });
    expect(play([started("run-6", 5)], state).commands).toEqual([
      { type: "send", message: { t: "run_failed", run_id: "run-6", code: codes.CODE_DEAD } },
    ]);
  });

  test("never has more than five tries", () => {
    expect(play([{ type: "code_made", code: { ...CODE, triesLeft: 99 } }]).state.code?.triesLeft).toBe(5);
  });

  test("dies when its time is up", () => {
    expect(play([...listening, { type: "code_expired" }]).state).toMatchObject({ code: null, codeLost: "expired" });
  });

  test("that is new replaces the old one and what was under way with it", () => {
    const fresh = { ...CODE, digits: "987654321" };
    const { state, names } = play([...proving, { type: "code_made", code: fresh }]);
    expect(state).toMatchObject({ code: fresh, run: null, lastFailure: null, codeLost: null });
    expect(names).toEqual(["forget_run", "expire_at"]);
  });

  test("can be made again after pairing, when the app went away", () => {
    const { state, names } = play([...sealed, ended(RUN, "", 0), { type: "code_made", code: CODE }]);
    expect(state).toMatchObject({ paired: false, code: CODE });
    expect(names).toContain("dial");
  });
});

describe("the line", () => {
  test("is dialled when there is a code, and not before", () => {
    expect(play([{ type: "redial" }]).commands).toEqual([]);
    expect(play([{ type: "code_made", code: CODE }]).names).toContain("dial");
  });

  test("is dialled again after it broke, later each time, and at once after success", () => {
    const delays: number[] = [];
    let state = play(listening).state;
    for (let i = 0; i < 12; i++) {
      const lost = play([{ type: "line_lost", closeCode: 1006 }], state);
      const command = lost.commands.find((each) => each.type === "redial_after");
      if (command?.type === "redial_after") delays.push(command.delayMs);
      state = play([{ type: "redial" }], lost.state).state;
    }
    expect(delays.slice(0, 3)).toEqual([500, 1000, 2000]);
    expect(delays.at(-1)).toBe(15_000);
    expect(play([{ type: "line_open" }], state).state.failedDials).toBe(0);
  });

  test("is not fought over with another tab, but can be taken back", () => {
    const replaced = play([...listening, { type: "line_lost", closeCode: closeCodes.REPLACED }]);
    expect(replaced.state.line).toBe("replaced");
    expect(replaced.commands).toEqual([]);
    expect(play([{ type: "take_over" }], replaced.state).names).toEqual(["dial"]);
  });

  test("stays closed when the session is over or the server refuses for good", () => {
    const over = play([...listening, { type: "line_lost", closeCode: closeCodes.SESSION_ENDED }]);
    expect(over.state.line).toBe("over");
    expect(play([{ type: "redial" }], over.state).commands).toEqual([]);
    expect(
      play([
        { type: "code_made", code: CODE },
        { type: "dial_refused", final: true },
      ]).state.line,
    ).toBe("over");
    expect(
      play([
        { type: "code_made", code: CODE },
        { type: "dial_refused", final: false },
      ]).names,
    ).toEqual(["redial_after"]);
  });
});
