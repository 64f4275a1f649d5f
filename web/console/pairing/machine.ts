/**
 * The technician's end of pairing as a pure machine: events in, a new state and commands out. No socket, no clock,
 * no cryptography in here; `runner.ts` carries the commands out. Messages and order: docs/protocol.md, Pairing.
 *
 * A code is dead after five tries or ten minutes, whatever the server says: this end counts on its own. A try is
 * spent when the host's proof is wrong, and when our proof went out and no success came back.
 */
import {
  type BrowserAnswer,
  type BrowserConfirm,
  closeCodes,
  codes,
  type HandshakeMessage,
  type HostConfirm,
  type HostOffer,
  limits,
  type PairingMessage,
} from "../../protocol/generated/messages";

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;

export interface Code {
  readonly digits: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly triesLeft: number;
}

/** Where a run stands: what this end waits for next. */
export type Step = "offer" | "answering" | "proof" | "checking" | "registering" | "sealing" | "outcome";

export interface Run {
  readonly id: string;
  readonly step: Step;
}

export interface PairingState {
  readonly code: Code | null;
  /** Why the last code is no longer alive, until there is a new one. */
  readonly codeLost: "expired" | "tries" | null;
  readonly line: "closed" | "dialling" | "open" | "replaced" | "over";
  /** Dials in a row that failed. */
  readonly failedDials: number;
  readonly run: Run | null;
  /** Code of the last try that failed, until the next one begins. */
  readonly lastFailure: string | null;
  readonly paired: boolean;
}

export type PairingEvent =
  | { readonly type: "code_made"; readonly code: Code }
  | { readonly type: "code_expired" }
  | { readonly type: "line_open" }
  | { readonly type: "line_lost"; readonly closeCode: number }
  | { readonly type: "dial_refused"; readonly final: boolean }
  | { readonly type: "redial" }
  | { readonly type: "take_over" }
  | { readonly type: "message"; readonly message: PairingMessage }
  | { readonly type: "handshake_message"; readonly runId: string; readonly message: HandshakeMessage | null }
  | { readonly type: "answered"; readonly runId: string; readonly answer: BrowserAnswer }
  | { readonly type: "host_proved"; readonly runId: string }
  | { readonly type: "proof_wrong"; readonly runId: string }
  | { readonly type: "handshake_broken"; readonly runId: string; readonly code: string }
  | { readonly type: "registered"; readonly runId: string }
  | { readonly type: "registration_refused"; readonly runId: string; readonly code: string }
  | { readonly type: "sealed"; readonly runId: string; readonly confirm: BrowserConfirm };

export type PairingCommand =
  | { readonly type: "dial" }
  | { readonly type: "redial_after"; readonly delayMs: number }
  | { readonly type: "hang_up" }
  | { readonly type: "expire_at"; readonly at: number }
  | { readonly type: "send"; readonly message: PairingMessage }
  | { readonly type: "send_handshake"; readonly runId: string; readonly message: BrowserAnswer | BrowserConfirm }
  | { readonly type: "read_handshake"; readonly runId: string; readonly payload: Uint8Array }
  | { readonly type: "answer_offer"; readonly runId: string; readonly digits: string; readonly offer: HostOffer }
  | { readonly type: "check_proof"; readonly runId: string; readonly confirm: HostConfirm }
  | { readonly type: "register"; readonly runId: string }
  | { readonly type: "seal"; readonly runId: string }
  | { readonly type: "forget_run" };

type Outcome = readonly [PairingState, readonly PairingCommand[]];

export const initialPairing: PairingState = {
  code: null,
  codeLost: null,
  line: "closed",
  failedDials: 0,
  run: null,
  lastFailure: null,
  paired: false,
};

/** Takes one event; answers with the next state and what is to be done. */
export function pair(state: PairingState, event: PairingEvent): Outcome {
  switch (event.type) {
    case "code_made":
      return codeMade(state, event.code);
    case "code_expired":
      return state.code === null ? [state, []] : killCode(state, "expired");
    case "line_open":
      return state.line === "dialling" ? [{ ...state, line: "open", failedDials: 0 }, []] : [state, []];
    case "line_lost":
      return lineLost(state, event.closeCode);
    case "dial_refused":
      if (state.line !== "dialling") return [state, []];
      return event.final ? [{ ...state, line: "over" }, []] : redialLater(state);
    case "redial":
      return state.line === "closed" && state.code !== null
        ? [{ ...state, line: "dialling" }, [{ type: "dial" }]]
        : [state, []];
    case "take_over":
      return state.line === "replaced" ? [{ ...state, line: "dialling" }, [{ type: "dial" }]] : [state, []];
    case "message":
      return message(state, event.message);
    default:
      return inRun(state, event);
  }
}

function codeMade(state: PairingState, code: Code): Outcome {
  const commands: PairingCommand[] = [];
  if (state.run !== null) commands.push({ type: "forget_run" });
  commands.push({ type: "expire_at", at: code.expiresAt });
  let line = state.line;
  if (line === "closed" || line === "replaced") {
    line = "dialling";
    commands.push({ type: "dial" });
  }
  const triesLeft = Math.min(code.triesLeft, limits.CODE_TRIES);
  const fresh = { code: { ...code, triesLeft }, codeLost: null, run: null, lastFailure: null, paired: false };
  return [{ ...state, ...fresh, line }, commands];
}

function killCode(state: PairingState, codeLost: "expired" | "tries"): Outcome {
  // A run that is under way with a code that ran out goes on: both other ends decide by their own clocks, and the
  // proofs are already on their way. Without a code nothing new can begin.
  const underWay = state.run !== null && codeLost === "expired";
  const commands: PairingCommand[] = underWay || state.run === null ? [] : [{ type: "forget_run" }];
  return [{ ...state, code: null, codeLost, run: underWay ? state.run : null }, commands];
}

function lineLost(state: PairingState, closeCode: number): Outcome {
  if (state.line === "over" || state.line === "closed" || state.line === "replaced") return [state, []];
  const [settled, commands] = state.run === null ? [state, []] : failRun(state, null, state.run.step === "outcome");
  if (closeCode === closeCodes.SESSION_ENDED) return [{ ...settled, line: "over" }, commands];
  if (closeCode === closeCodes.REPLACED) return [{ ...settled, line: "replaced" }, commands];
  if (settled.paired) return [{ ...settled, line: "closed" }, commands];
  const [waiting, redial] = redialLater(settled);
  return [waiting, [...commands, ...redial]];
}

function redialLater(state: PairingState): Outcome {
  const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(state.failedDials, 10));
  return [{ ...state, line: "closed", failedDials: state.failedDials + 1 }, [{ type: "redial_after", delayMs }]];
}

function message(state: PairingState, received: PairingMessage): Outcome {
  switch (received.t) {
    case "run_started": {
      if (state.code === null) {
        return [
          state,
          [{ type: "send", message: { t: "run_failed", run_id: received.run_id, code: codes.CODE_DEAD } }],
        ];
      }
      const code = { ...state.code, triesLeft: Math.min(state.code.triesLeft, received.tries_left) };
      const commands: PairingCommand[] = state.run === null ? [] : [{ type: "forget_run" }];
      return [
        { ...state, code, run: { id: received.run_id, step: "offer" }, lastFailure: null, paired: false },
        commands,
      ];
    }
    case "forward":
      if (state.run?.id !== received.run_id) return [state, []];
      return [state, [{ type: "read_handshake", runId: received.run_id, payload: received.payload }]];
    case "run_ended":
      return runEnded(state, received.run_id, received.code, received.tries_left);
    default:
      return [state, []];
  }
}

function runEnded(state: PairingState, runId: string, code: string, triesLeft: number): Outcome {
  if (state.run?.id === runId && state.run.step === "outcome" && code === "") {
    const done = { code: null, codeLost: null, run: null, lastFailure: null, paired: true, line: "closed" } as const;
    return [{ ...state, ...done }, [{ type: "forget_run" }, { type: "hang_up" }]];
  }
  let next = state;
  const commands: PairingCommand[] = [];
  if (state.run?.id === runId) {
    const [failed, more] = failRun(state, code || codes.HANDSHAKE_BROKEN, state.run.step === "outcome");
    next = failed;
    commands.push(...more);
  }
  if (next.code !== null && triesLeft < next.code.triesLeft) {
    next = { ...next, code: { ...next.code, triesLeft } };
    if (triesLeft <= 0) {
      const [dead, more] = killCode(next, "tries");
      return [dead, [...commands, ...more]];
    }
  }
  return [next, commands];
}

/** Ends the run without success; `spent` takes a try from the code. */
function failRun(state: PairingState, failure: string | null, spent: boolean): Outcome {
  const commands: PairingCommand[] = [{ type: "forget_run" }];
  const over = { ...state, run: null, lastFailure: failure ?? state.lastFailure };
  if (!spent || over.code === null) return [over, commands];
  const triesLeft = over.code.triesLeft - 1;
  const counted = { ...over, code: { ...over.code, triesLeft } };
  if (triesLeft > 0) return [counted, commands];
  const [dead, more] = killCode(counted, "tries");
  return [dead, [...commands, ...more]];
}

type RunEvent = Extract<PairingEvent, { runId: string }>;

function inRun(state: PairingState, event: RunEvent): Outcome {
  const { run } = state;
  // What belongs to a run that is over is late, not wrong.
  if (run === null || run.id !== event.runId) return [state, []];
  const at = (step: Step): PairingState => ({ ...state, run: { id: run.id, step } });
  switch (event.type) {
    case "handshake_message":
      return handshakeMessage(state, run, event.message);
    case "answered":
      if (run.step !== "answering") break;
      return [at("proof"), [{ type: "send_handshake", runId: run.id, message: event.answer }]];
    case "proof_wrong":
      return reportFailure(state, run, codes.WRONG_CODE, true);
    case "host_proved":
      if (run.step !== "checking") break;
      return [at("registering"), [{ type: "register", runId: run.id }]];
    case "registration_refused":
      return reportFailure(state, run, event.code, false);
    case "registered":
      if (run.step !== "registering") break;
      return [at("sealing"), [{ type: "seal", runId: run.id }]];
    case "sealed":
      if (run.step !== "sealing") break;
      return [at("outcome"), [{ type: "send_handshake", runId: run.id, message: event.confirm }]];
    case "handshake_broken":
      return reportFailure(state, run, event.code, run.step === "outcome");
  }
  return reportFailure(state, run, codes.HANDSHAKE_BROKEN, run.step === "outcome");
}

function handshakeMessage(state: PairingState, run: Run, received: HandshakeMessage | null): Outcome {
  const at = (step: Step): PairingState => ({ ...state, run: { id: run.id, step } });
  if (received?.t === "host_offer" && run.step === "offer" && state.code !== null) {
    const { digits } = state.code;
    return [at("answering"), [{ type: "answer_offer", runId: run.id, digits, offer: received }]];
  }
  if (received?.t === "host_confirm" && run.step === "proof") {
    return [at("checking"), [{ type: "check_proof", runId: run.id, confirm: received }]];
  }
  return reportFailure(state, run, codes.HANDSHAKE_BROKEN, run.step === "outcome");
}

function reportFailure(state: PairingState, run: Run, code: string, spent: boolean): Outcome {
  const [failed, commands] = failRun(state, code, spent);
  return [failed, [{ type: "send", message: { t: "run_failed", run_id: run.id, code } }, ...commands]];
}
