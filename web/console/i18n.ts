/**
 * Language of the console: catalogs, the active one, and formatting that depends on it. Ids are explicit
 * (`area.what`); the sentences live in `locales/*.po`. The choice of language is remembered in this browser.
 */
import { type I18n, setupI18n } from "@lingui/core";
import { useLingui } from "@lingui/react";
import type { Locale } from "./api/types";
import { messages as de } from "./locales/de.po";
import { messages as en } from "./locales/en.po";

export const LOCALES: readonly Locale[] = ["de", "en"];
const STORAGE_KEY = "zuruf.language";

const catalogs = { de, en };

/** The console's own language. Language of what the technician says to the customer: see `speakerFor`. */
export const i18n: I18n = setupI18n({ messages: catalogs, locale: "en" });

const speakers: Record<Locale, I18n> = {
  de: setupI18n({ messages: catalogs, locale: "de" }),
  en: setupI18n({ messages: catalogs, locale: "en" }),
};

/** Sentences in the customer's language, whatever the technician reads. */
export function speakerFor(locale: Locale): I18n {
  return speakers[locale];
}

function isLocale(value: unknown): value is Locale {
  return value === "de" || value === "en";
}

/** The remembered choice, else the browser's first language that we speak, else English. */
export function preferredLocale(storage: Pick<Storage, "getItem">, languages: readonly string[]): Locale {
  const remembered = storage.getItem(STORAGE_KEY);
  if (isLocale(remembered)) return remembered;
  return languages.map((language) => language.slice(0, 2).toLowerCase()).find(isLocale) ?? "en";
}

export function activateLocale(locale: Locale): void {
  i18n.activate(locale);
  document.documentElement.lang = locale;
}

/** Switches and remembers. */
export function chooseLocale(locale: Locale): void {
  localStorage.setItem(STORAGE_KEY, locale);
  activateLocale(locale);
}

/** Whether somebody chose a language here; if not, the user's profile decides after signing in. */
export function hasChosenLocale(): boolean {
  return isLocale(localStorage.getItem(STORAGE_KEY));
}

export type Translate = (id: string, values?: Record<string, string | number>) => string;

/** Gives the translation function and the active language; re-renders when the language changes. */
export function useText(): { t: Translate; locale: Locale } {
  const lingui = useLingui();
  return {
    t: (id, values) => lingui.i18n._(id, values),
    locale: lingui.i18n.locale as Locale,
  };
}
