/** What a session is at, in one word for the list: the id of the sentence and how it is coloured. */
import type { Session } from "../api/types";

export type Tone = "good" | "busy" | "warm" | "bad" | "quiet";

export interface Situation {
  readonly id: string;
  readonly tone: Tone;
}

export function situation(session: Session): Situation {
  const { progress } = session;
  switch (session.state) {
    case "ended":
      return { id: "situation.ended", tone: "quiet" };
    case "active":
      if (!session.host_online) return { id: "situation.offline", tone: "warm" };
      return session.connections.length > 0
        ? { id: "situation.connected", tone: "good" }
        : { id: "situation.ready", tone: "good" };
    case "pairing":
      return { id: "situation.pairing", tone: "busy" };
    case "prepared":
      if (progress.refusal !== null) return { id: "situation.refused", tone: "bad" };
      if (progress.app_started_at !== null) return { id: "situation.appStarted", tone: "busy" };
      if (progress.link_opened_at !== null) return { id: "situation.linkOpened", tone: "busy" };
      if (progress.mail_state === "failed") return { id: "situation.mailFailed", tone: "bad" };
      return progress.mail_state === "sent"
        ? { id: "situation.mailSent", tone: "busy" }
        : { id: "situation.mailQueued", tone: "quiet" };
  }
}

/** What this user may do with this session. */
export function rights(session: Session, user: { id: string; role: string }): { own: boolean; end: boolean } {
  const own = session.owner.id === user.id;
  return { own, end: session.state !== "ended" && (own || user.role === "administrator") };
}

/** When an open session will end by itself: its 24 hours, or its link's. */
export function endsAt(session: Session): number {
  return Date.parse(session.state === "active" && session.expires_at ? session.expires_at : session.link_expires_at);
}

/** `123 456 7890`: the number as people read it out. */
export function groupedNumber(number: string): string {
  return number.replace(/^(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3");
}

/** Whether another session may be prepared, and if not, whose limit says so. */
export function room(open: readonly Session[], userId: string, limits: { per_user: number; per_company: number }) {
  const own = open.filter((session) => session.owner.id === userId).length;
  if (own >= limits.per_user) return "user" as const;
  return open.length >= limits.per_company ? ("company" as const) : ("free" as const);
}
