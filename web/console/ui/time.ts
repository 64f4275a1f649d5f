/** Time for people: a shared ticking clock, corrected by the server's, and durations in words. */
import { useSyncExternalStore } from "react";
import type { Translate } from "../i18n";

let offsetMs = 0;

/** Learns the server's clock from a response's `Date`; a difference below two seconds is the header's rounding. */
export function learnServerTime(dateHeader: string | null, now = Date.now()): void {
  const server = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
  if (Number.isNaN(server)) return;
  const difference = server - now;
  offsetMs = Math.abs(difference) < 2_000 ? 0 : difference;
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let second = Math.floor(Date.now() / 1000);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    second = Math.floor(Date.now() / 1000);
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function currentSecond(): number {
  if (timer === undefined) second = Math.floor(Date.now() / 1000);
  return second;
}

/** The server's time in milliseconds, renewed every second. */
export function useServerNow(): number {
  return useSyncExternalStore(subscribe, currentSecond) * 1000 + offsetMs;
}

/** This browser's own time in milliseconds, renewed every second; for what this browser counts itself. */
export function useLocalNow(): number {
  return useSyncExternalStore(subscribe, currentSecond) * 1000;
}

/** `9:58`, from milliseconds; never negative. */
export function minutesAndSeconds(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** `23 h 4 min`, `12 min`, `40 s`: the two largest units that matter. */
export function inWords(t: Translate, ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours > 0 && minutes === 0) return t("time.hours", { hours });
  if (hours > 0) return t("time.hoursMinutes", { hours, minutes });
  if (minutes > 0) return t("time.minutes", { minutes });
  return t("time.seconds", { seconds });
}

/** Date and time of day, or only the time when it is today. */
export function moment(locale: string, iso: string, now = Date.now()): string {
  const when = new Date(iso);
  const today = new Date(now).toDateString() === when.toDateString();
  const options: Intl.DateTimeFormatOptions = today
    ? { timeStyle: "short" }
    : { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(locale, options).format(when);
}
