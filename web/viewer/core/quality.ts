/** How good the connection is at this moment: round trip, frames, data. Pure; times in milliseconds. */

const WINDOW_MS = 2000;
const GOOD_RTT_MS = 80;
const FAIR_RTT_MS = 200;
/** Without any sign of the host for so long, the connection is dead although nobody said so. */
const SILENCE_MAX_MS = 12_000;
const RTT_SMOOTHING = 0.4;

export type QualityLevel = "good" | "fair" | "poor" | "unknown";

export interface QualityReport {
  readonly level: QualityLevel;
  readonly rttMs: number | null;
  readonly framesPerS: number;
  readonly kbitPerS: number;
}

export class ConnectionQuality {
  #rttMs: number | null = null;
  #token = 0;
  #pingAtMs: number | null = null;
  #heardAtMs: number;
  #windowAtMs: number;
  #frames = 0;
  #bytes = 0;
  #framesPerS = 0;
  #kbitPerS = 0;

  constructor(nowMs: number) {
    this.#heardAtMs = nowMs;
    this.#windowAtMs = nowMs;
  }

  /** The token of a ping that goes out now; null while the last one has no answer. */
  ping(nowMs: number): number | null {
    if (this.#pingAtMs !== null) return null;
    this.#pingAtMs = nowMs;
    this.#token += 1;
    return this.#token;
  }

  pong(token: number, nowMs: number): void {
    if (this.#pingAtMs === null || token !== this.#token) return;
    const rttMs = nowMs - this.#pingAtMs;
    this.#pingAtMs = null;
    this.#rttMs = this.#rttMs === null ? rttMs : this.#rttMs + (rttMs - this.#rttMs) * RTT_SMOOTHING;
  }

  received(bytes: number, nowMs: number): void {
    this.#heardAtMs = nowMs;
    this.#bytes += bytes;
  }

  frame(): void {
    this.#frames += 1;
  }

  /** The clock was not looked at for a while (a hidden page): silence is counted from now. */
  resume(nowMs: number): void {
    this.#heardAtMs = nowMs;
    this.#pingAtMs = null;
  }

  /** Whether the host has been silent although it was asked. */
  dead(nowMs: number): boolean {
    return this.#pingAtMs !== null && nowMs - Math.max(this.#heardAtMs, this.#pingAtMs) > SILENCE_MAX_MS;
  }

  report(nowMs: number): QualityReport {
    const elapsedMs = nowMs - this.#windowAtMs;
    if (elapsedMs >= WINDOW_MS) {
      this.#framesPerS = (this.#frames * 1000) / elapsedMs;
      this.#kbitPerS = (this.#bytes * 8) / elapsedMs;
      this.#windowAtMs = nowMs;
      this.#frames = 0;
      this.#bytes = 0;
    }
    // A late answer is worse than the ones before it say.
    const rttMs = this.#pingAtMs === null ? this.#rttMs : Math.max(this.#rttMs ?? 0, nowMs - this.#pingAtMs) || null;
    return { level: levelOf(rttMs), rttMs, framesPerS: this.#framesPerS, kbitPerS: this.#kbitPerS };
  }
}

function levelOf(rttMs: number | null): QualityLevel {
  if (rttMs === null) return "unknown";
  if (rttMs <= GOOD_RTT_MS) return "good";
  return rttMs <= FAIR_RTT_MS ? "fair" : "poor";
}
