import { describe, expect, it } from "vitest";
import { codes } from "../../../protocol/generated/messages";
import { Failure } from "./failure";
import { ConnectionLifecycle, type LifecycleCommand, type LifecycleEvent, WRONG_PASSWORD_PAUSE_MS } from "./lifecycle";

/** A lifecycle with its clock; the jitter is in the middle. */
class Story {
  readonly lifecycle = new ConnectionLifecycle(() => 0.5);
  nowMs = 1000;
  last: readonly LifecycleCommand[] = [];

  on(event: LifecycleEvent["kind"], code?: string, retryAfterS: number | null = null): this {
    const whole =
      event === "failed" ? { kind: event, failure: new Failure(code as string, retryAfterS) } : { kind: event };
    this.last = this.lifecycle.handle(whole as LifecycleEvent, this.nowMs);
    return this;
  }

  after(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  /** Lets the pause pass. */
  waited(): this {
    const phase = this.lifecycle.phase;
    if (phase.name !== "waiting") throw new Error(`not waiting but ${phase.name}`);
    this.nowMs = phase.untilMs;
    return this.on("time");
  }

  get phase() {
    return this.lifecycle.phase;
  }

  get commands(): string[] {
    return this.last.map((command) => command.kind);
  }
}

const connected = () => new Story().on("submit").on("opened");

describe("connecting", () => {
  it("begins with a password", () => {
    const story = new Story().on("submit");
    expect(story.phase).toEqual({ name: "connecting", again: false });
    expect(story.commands).toEqual(["connect"]);
  });

  it("is connected when it is", () => {
    expect(connected().phase).toEqual({ name: "connected" });
  });

  it("closes what opens although nobody waits for it any more", () => {
    const story = new Story().on("submit").on("disconnect").on("opened");
    expect(story.commands).toEqual(["close"]);
    expect(story.phase.name).toBe("asking");
  });
});

describe("a lost connection", () => {
  it("comes back by itself without asking for the password", () => {
    const story = connected().after(60_000).on("failed", codes.PEER_LEFT);
    expect(story.phase).toMatchObject({ name: "waiting", again: true, code: codes.PEER_LEFT });
    expect(story.commands).toEqual(["wake"]);
    expect(story.waited().commands).toEqual(["connect"]);
    expect(story.phase).toEqual({ name: "connecting", again: true });
  });

  it("is tried again after growing pauses that end at fifteen seconds", () => {
    const story = connected().after(60_000);
    const pauses: number[] = [];
    for (let i = 0; i < 8; i++) {
      const before = story.on("failed", codes.NO_CONNECTION).nowMs;
      story.waited();
      pauses.push(story.nowMs - before);
    }
    expect(pauses).toEqual([300, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  it("does not come back faster for having worked for a moment", () => {
    const story = connected();
    for (let i = 0; i < 4; i++) story.after(100).on("failed", codes.PEER_LEFT).waited().on("opened");
    const before = story.after(100).on("failed", codes.PEER_LEFT).nowMs;
    expect(story.waited().nowMs - before).toBe(8000);
    story.on("opened").after(20_000);
    const again = story.on("failed", codes.PEER_LEFT).nowMs;
    expect(story.waited().nowMs - again).toBe(300);
  });

  it("waits as long as it was told to", () => {
    const story = new Story().on("submit").on("failed", codes.PASSWORD_PAUSE, 300);
    expect(story.phase).toMatchObject({ name: "waiting", untilMs: 1000 + 300_300 });
  });

  it("does not believe a hostile waiting time", () => {
    const story = new Story().on("submit").on("failed", codes.PASSWORD_PAUSE, Number.MAX_SAFE_INTEGER);
    expect(story.phase).toMatchObject({ untilMs: 1000 + 3_600_300 });
  });

  it("waits on when the clock calls too early", () => {
    const story = connected().on("failed", codes.PEER_LEFT).after(10).on("time");
    expect(story.phase.name).toBe("waiting");
    expect(story.commands).toEqual(["wake"]);
  });

  it("is tried at once when the user or the network says so", () => {
    expect(connected().on("failed", codes.PEER_LEFT).on("retry_now").commands).toEqual(["connect"]);
    expect(connected().on("retry_now").commands).toEqual([]);
  });

  it("asks for the password where the kept secret does not fit any more", () => {
    const story = connected().on("failed", codes.PEER_LEFT).waited().on("failed", codes.WRONG_PASSWORD);
    expect(story.phase).toMatchObject({ name: "asking", code: codes.WRONG_PASSWORD });
    expect(story.commands).toEqual(["forget_secret"]);
  });
});

describe("a wrong password", () => {
  it("is asked for again with the reason", () => {
    const story = new Story().on("submit").on("failed", codes.WRONG_PASSWORD);
    expect(story.phase).toEqual({ name: "asking", code: codes.WRONG_PASSWORD, notBeforeMs: null });
    expect(story.on("submit").commands).toEqual(["connect"]);
  });

  it("makes the browser wait after five", () => {
    const story = new Story();
    for (let i = 0; i < 5; i++) story.on("submit").on("failed", codes.WRONG_PASSWORD);
    const untilMs = story.nowMs + WRONG_PASSWORD_PAUSE_MS;
    expect(story.phase).toEqual({ name: "asking", code: codes.WRONG_PASSWORD, notBeforeMs: untilMs });
    expect(story.on("submit").commands).toEqual(["forget_secret"]);
    expect(story.on("disconnect").phase).toMatchObject({ notBeforeMs: untilMs });
    story.after(WRONG_PASSWORD_PAUSE_MS).on("time");
    expect(story.phase).toEqual({ name: "asking", code: null, notBeforeMs: null });
    expect(story.on("submit").commands).toEqual(["connect"]);
  });

  it("counts anew after the right one", () => {
    const story = new Story();
    for (let i = 0; i < 4; i++) story.on("submit").on("failed", codes.WRONG_PASSWORD);
    story.on("submit").on("opened").on("disconnect").on("submit").on("failed", codes.WRONG_PASSWORD);
    expect(story.phase).toMatchObject({ notBeforeMs: null });
  });
});

describe("the end", () => {
  it.each([
    [codes.SESSION_ENDED, { name: "ended" }],
    [codes.NOT_SIGNED_IN, { name: "signed_out" }],
    [codes.MALFORMED_MESSAGE, { name: "stopped", code: codes.MALFORMED_MESSAGE }],
    [codes.PASSWORD_CLOSED, { name: "stopped", code: codes.PASSWORD_CLOSED }],
    [codes.CUSTOMER_REFUSED, { name: "stopped", code: codes.CUSTOMER_REFUSED }],
    [codes.TOOL_NOT_IN_PLAN, { name: "stopped", code: codes.TOOL_NOT_IN_PLAN }],
  ])("by %s is not retried and forgets the secret", (code, phase) => {
    const story = connected().on("failed", code);
    expect(story.phase).toEqual(phase);
    expect(story.commands).toEqual(["forget_secret"]);
    expect(story.on("time").on("retry_now").commands).toEqual([]);
  });

  it("by the user closes, forgets, and leads back to the form", () => {
    const story = connected().on("disconnect");
    expect(story.commands).toEqual(["close", "forget_secret"]);
    expect(story.phase).toEqual({ name: "asking", code: null, notBeforeMs: null });
  });

  it("is not followed by a late failure of the same connection", () => {
    const story = connected().on("disconnect").on("failed", codes.PEER_LEFT);
    expect(story.phase.name).toBe("asking");
  });
});
