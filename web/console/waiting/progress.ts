/** The customer's way, step by step, read from the session. Pure: the page only draws it. */
import type { Session } from "../api/types";

export const STEPS = ["mail", "link", "app", "code", "active"] as const;
export type StepKey = (typeof STEPS)[number];
export type StepState = "done" | "current" | "todo" | "failed";

export interface ProgressStep {
  readonly key: StepKey;
  readonly state: StepState;
  /** When it was done, ISO 8601, where the server knows. */
  readonly at: string | null;
}

/** A later fact settles the steps before it: who started the app has opened the link, even where the app refused. */
export function progressOf(session: Session): ProgressStep[] {
  const { progress } = session;
  const isActive = session.activated_at !== null;
  const at: Record<StepKey, string | null> = {
    mail: null,
    link: progress.link_opened_at,
    app: progress.app_started_at,
    code: isActive || session.state === "pairing" ? progress.code_entered_at : null,
    active: session.activated_at,
  };
  const reached: Record<StepKey, boolean> = {
    mail: progress.mail_state === "sent",
    link: at.link !== null,
    app: at.app !== null && progress.refusal === null,
    code: at.code !== null || isActive,
    active: isActive,
  };
  const refused = progress.refusal === null ? -1 : STEPS.indexOf("app") - 1;
  const last = Math.max(
    STEPS.findLastIndex((key) => reached[key]),
    refused,
  );
  return STEPS.map((key, index) => ({ key, state: stateOf(session, key, index, last), at: at[key] }));
}

function stateOf(session: Session, key: StepKey, index: number, last: number): StepState {
  if (index <= last) return "done";
  if (key === "app" && session.progress.refusal !== null) return "failed";
  if (index > last + 1 || session.state === "ended") return "todo";
  return key === "mail" && session.progress.mail_state === "failed" ? "failed" : "current";
}

/** The step at which the customer is: what the technician should talk about. */
export function currentStep(steps: readonly ProgressStep[]): StepKey | null {
  return steps.find((step) => step.state === "failed" || step.state === "current")?.key ?? null;
}
