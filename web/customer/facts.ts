/** What the server tells a person with an installation link, and what their device is. Not for drawing: see `view.ts`. */

export interface Download {
  readonly url: string;
  readonly name: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** Who signed the file; empty where nobody did. */
  readonly publisher: string;
  readonly signed: boolean;
  readonly version: string;
}

export interface Facts {
  readonly number: string;
  readonly company: string;
  readonly technician: string;
  readonly locale: string;
  readonly state: "open" | "ended";
  readonly link_expires_at: string;
  readonly download: Download | null;
}

export type Situation =
  | { readonly kind: "open"; readonly facts: Facts }
  | { readonly kind: "ended"; readonly facts: Facts }
  | { readonly kind: "unknown" }
  | { readonly kind: "busy" }
  | { readonly kind: "offline" };

export type Device = "windows" | "linux" | "other";

/** The session number at the end of `/join/1234567890`, null where there is none. */
export function numberIn(pathname: string): string | null {
  return /^\/join\/(\d{10})\/?$/.exec(pathname)?.[1] ?? null;
}

/** What the answer to the request for the facts means. A link that has lapsed looks like a session that has ended. */
export function situationOf(status: number, facts: Facts | null, now: number): Situation {
  if (status === 429) return { kind: "busy" };
  if (status === 404 || status === 422) return { kind: "unknown" };
  if (facts === null) return { kind: "offline" };
  const lapsed = Date.parse(facts.link_expires_at) <= now;
  return facts.state === "open" && !lapsed ? { kind: "open", facts } : { kind: "ended", facts };
}

/** The kind of device this page is open on. */
export function deviceOf(userAgent: string): Device {
  if (/Windows NT/.test(userAgent)) return "windows";
  return /Linux|X11|CrOS/.test(userAgent) && !/Android/.test(userAgent) ? "linux" : "other";
}

/** The command that starts the app where it is installed as a package. */
export function command(origin: string, number: string): string {
  return `zuruf-host --server ${origin} --number ${number}`;
}

/** `123 456 7890`: the number as people read it out. */
export function groupedNumber(number: string): string {
  return number.replace(/^(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3");
}

/** A checksum in groups of eight, as people compare it. */
export function groupedChecksum(sha256: string): string[] {
  return sha256.match(/.{1,8}/g) ?? [];
}

/** Asks the server; changes nothing there. */
export async function fetchSituation(number: string): Promise<Situation> {
  try {
    const response = await fetch(`/api/v1/public/sessions/${number}`, { credentials: "omit" });
    const facts = response.ok ? ((await response.json()) as Facts) : null;
    return situationOf(response.status, facts, Date.now());
  } catch {
    return { kind: "offline" };
  }
}

/** Says that a person has the page before them; e-mail scanners run no script. Nothing depends on the answer. */
export async function sayOpened(number: string): Promise<void> {
  await fetch(`/api/v1/public/sessions/${number}/opened`, { method: "POST", credentials: "omit" }).catch(() => {});
}
