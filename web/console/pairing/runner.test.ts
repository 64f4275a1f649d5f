import { beforeEach, describe, expect, test } from "vitest";
import { handshake as handshakeCodec, pairing as pairingCodec } from "../../protocol/codec";
import type { HandshakeMessage, PairingMessage, Settings } from "../../protocol/generated/messages";
import { WrongSecret } from "../../protocol/handshake";
import { type Handshake, type PairingPorts, PairingRunner } from "./runner";

const SESSION = "11111111-1111-4111-8111-111111111111";
const RUN = "22222222-2222-4222-8222-222222222222";
const HOST_KEY = new Uint8Array(32).fill(7);
const settings: Settings = {
  t: "settings",
  duration_s: 86400,
  tools: ["remote_control"],
  salt: new Uint8Array(16),
  prs: new Uint8Array(64),
  technician: "Jana Weber",
  company: "Muster",
};

/** A WebSocket whose other end is the test. */
class Line extends EventTarget {
  readyState = 0;
  binaryType = "blob";
  readonly sent: PairingMessage[] = [];

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }
  send(data: Uint8Array<ArrayBuffer>): void {
    this.sent.push(pairingCodec.decode(data));
  }
  receive(message: PairingMessage): void {
    this.dispatchEvent(new MessageEvent("message", { data: pairingCodec.encode(message).slice().buffer }));
  }
  forward(message: HandshakeMessage): void {
    this.receive({ t: "forward", run_id: RUN, payload: handshakeCodec.encode(message).slice() });
  }
  close(code = 1000): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
  get last(): PairingMessage | undefined {
    return this.sent.at(-1);
  }
}

/** A room with the test at every other end. */
class Bench implements PairingPorts {
  readonly lines: Line[] = [];
  readonly registered: Uint8Array[] = [];
  readonly timers: { ms: number; call: () => void }[] = [];
  ticketError: Error | null = null;
  proofIsGood = true;

  get line(): Line {
    const line = this.lines.at(-1);
    if (line === undefined) throw new Error("nobody dialled");
    return line;
  }
  async ticket() {
    if (this.ticketError) throw this.ticketError;
    return new Uint8Array(32);
  }
  openSocket(): WebSocket {
    this.lines.push(new Line());
    return this.line as unknown as WebSocket;
  }
  handshake(): Handshake {
    return {
      accept: () => ({ t: "browser_answer", yb: new Uint8Array(32) }),
      verify: () => {
        if (!this.proofIsGood) throw new WrongSecret("wrong");
      },
      confirm: async () => ({ t: "browser_confirm", mac: new Uint8Array(64), sealed: new Uint8Array(20) }),
    };
  }
  async register(_runId: string, key: Uint8Array) {
    this.registered.push(key);
  }
  async settings() {
    return settings;
  }
  refusalOf() {
    return { code: "ZRF-205", final: true };
  }
  now() {
    return 0;
  }
  after(ms: number, call: () => void) {
    const timer = { ms, call };
    this.timers.push(timer);
    return () => {
      this.timers.splice(this.timers.indexOf(timer), 1);
    };
  }
  jitter() {
    return 1;
  }
}

/** Lets every promise that is ready go on. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

let bench: Bench;
let runner: PairingRunner;

beforeEach(async () => {
  bench = new Bench();
  runner = new PairingRunner(SESSION, bench);
  runner.listenWith({ digits: "123456789", expiresAt: 600_000, triesLeft: 5 });
  await settle();
});

async function admit(): Promise<void> {
  bench.line.open();
  bench.line.receive({ t: "console_ready" });
}

async function runUntilProof(): Promise<void> {
  const start = {
    t: "run_started",
    run_id: RUN,
    session_id: SESSION,
    tries_left: 5,
    platform: "",
    app_version: "",
  } as const;
  bench.line.receive(start);
  bench.line.forward({
    t: "host_offer",
    protocol: 1,
    ya: new Uint8Array(32),
    host_key: HOST_KEY,
    salt: new Uint8Array(),
  });
  await settle();
  bench.line.forward({ t: "host_confirm", mac: new Uint8Array(64) });
  await settle();
}

describe("the runner", () => {
  test("shows its ticket first and listens once it is admitted", async () => {
    expect(runner.state.line).toBe("dialling");
    await admit();
    expect(bench.line.sent[0]).toEqual({ t: "console_hello", ticket: new Uint8Array(32) });
    expect(runner.state.line).toBe("open");
  });

  test("goes through a whole run: answer, registration of the offered key, confirmation, paired", async () => {
    await admit();
    await runUntilProof();
    expect(bench.registered).toEqual([HOST_KEY]);
    const forwarded = bench.line.sent.filter((message) => message.t === "forward");
    expect(forwarded.map(({ payload }) => handshakeCodec.decode(payload).t)).toEqual([
      "browser_answer",
      "browser_confirm",
    ]);
    bench.line.receive({ t: "run_ended", run_id: RUN, code: "", tries_left: 0 });
    expect(runner.state).toMatchObject({ paired: true, code: null });
    expect(bench.line.readyState).toBe(3);
  });

  test("registers nothing when the host does not know the code", async () => {
    bench.proofIsGood = false;
    await admit();
    await runUntilProof();
    expect(bench.registered).toEqual([]);
    expect(bench.line.last).toEqual({ t: "run_failed", run_id: RUN, code: "ZRF-303" });
    expect(runner.state.code?.triesLeft).toBe(4);
  });

  test("dials anew with a fresh ticket after the line broke", async () => {
    await admit();
    bench.line.close(1006);
    expect(runner.state.line).toBe("closed");
    const redial = bench.timers.find((timer) => timer.ms === 500);
    redial?.call();
    await settle();
    expect(bench.lines).toHaveLength(2);
  });

  test("gives up where the server refuses the ticket for good", async () => {
    bench.ticketError = new Error("ended");
    await admit();
    bench.line.close(1006);
    bench.timers.find((timer) => timer.ms === 500)?.call();
    await settle();
    expect(runner.state.line).toBe("over");
  });

  test("ends the socket on what is no message", async () => {
    await admit();
    bench.line.dispatchEvent(new MessageEvent("message", { data: "text" }));
    expect(bench.line.readyState).toBe(3);
  });

  test("ignores a run of another session", async () => {
    await admit();
    const other = "33333333-3333-4333-8333-333333333333";
    bench.line.receive({
      t: "run_started",
      run_id: RUN,
      session_id: other,
      tries_left: 5,
      platform: "",
      app_version: "",
    });
    expect(runner.state.run).toBeNull();
  });

  test("kills the code by its own timer", async () => {
    await admit();
    bench.timers.find((timer) => timer.ms === 600_000)?.call();
    expect(runner.state).toMatchObject({ code: null, codeLost: "expired" });
  });

  test("forgets the code and every timer when it is closed", async () => {
    await admit();
    runner.close();
    expect(runner.state.code).toBeNull();
    expect(bench.line.readyState).toBe(3);
    expect(bench.timers).toEqual([]);
  });
});
