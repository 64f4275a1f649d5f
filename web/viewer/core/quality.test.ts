import { describe, expect, it } from "vitest";
import { ConnectionQuality } from "./quality";

describe("ConnectionQuality", () => {
  it("measures the round trip, one ping at a time", () => {
    const quality = new ConnectionQuality(0);
    const token = quality.ping(1000) as number;
    expect(quality.ping(1100)).toBeNull();
    quality.pong(token, 1050);
    expect(quality.report(1100)).toMatchObject({ level: "good", rttMs: 50 });
    expect(quality.ping(2000)).not.toBeNull();
  });

  it("does not believe an answer that was not asked for", () => {
    const quality = new ConnectionQuality(0);
    quality.pong(1, 5);
    const token = quality.ping(10) as number;
    quality.pong(token + 1, 20);
    expect(quality.report(10).rttMs).toBeNull();
  });

  it.each([
    [20, "good"],
    [150, "fair"],
    [900, "poor"],
  ])("calls %i ms %s", (rttMs, level) => {
    const quality = new ConnectionQuality(0);
    quality.pong(quality.ping(0) as number, rttMs);
    expect(quality.report(rttMs).level).toBe(level);
  });

  it("gets worse while an answer is late", () => {
    const quality = new ConnectionQuality(0);
    quality.pong(quality.ping(0) as number, 20);
    quality.ping(1000);
    expect(quality.report(1500).level).toBe("poor");
  });

  it("counts frames and data over two seconds", () => {
    const quality = new ConnectionQuality(0);
    for (let i = 0; i < 40; i++) quality.frame();
    quality.received(250_000, 500);
    expect(quality.report(2000)).toMatchObject({ framesPerS: 20, kbitPerS: 1000 });
    expect(quality.report(4000)).toMatchObject({ framesPerS: 0, kbitPerS: 0 });
  });

  it("takes a host for dead that was asked and says nothing at all", () => {
    const quality = new ConnectionQuality(0);
    expect(quality.dead(60_000)).toBe(false);
    quality.ping(60_000);
    expect(quality.dead(71_000)).toBe(false);
    expect(quality.dead(73_000)).toBe(true);
    quality.received(10, 72_000);
    expect(quality.dead(73_000)).toBe(false);
  });

  it("does not take a hidden page's own sleep for silence", () => {
    const quality = new ConnectionQuality(0);
    quality.ping(0);
    quality.resume(600_000);
    expect(quality.dead(600_001)).toBe(false);
  });
});
