/** The sentence for every code a technician may see: what happened, and what to do. Ids: `error.ZRF-…`. */
import { codes } from "../../protocol/generated/messages";
import { ApiError, OFFLINE } from "../api/client";
import type { Translate } from "../i18n";

/** Every code with a sentence of its own: those of the protocol, and the one for a server that did not answer. */
export const KNOWN_CODES: readonly string[] = [...Object.values(codes), OFFLINE];

/** The sentence of a code; an unknown one gets the general sentence. */
export function sentenceOf(t: Translate, code: string, params: Readonly<Record<string, unknown>> = {}): string {
  const known = KNOWN_CODES.includes(code) ? code : codes.INTERNAL;
  const seconds = typeof params.retry_after_s === "number" ? params.retry_after_s : 60;
  return t(`error.${known}`, { minutes: Math.max(1, Math.ceil(seconds / 60)) });
}

/** What went wrong, as code and sentence, for anything thrown. */
export function explain(t: Translate, error: unknown): { code: string; sentence: string } {
  if (error instanceof ApiError) return { code: error.code, sentence: sentenceOf(t, error.code, error.params) };
  return { code: codes.INTERNAL, sentence: sentenceOf(t, codes.INTERNAL) };
}
