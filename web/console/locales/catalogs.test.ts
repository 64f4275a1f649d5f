import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setupI18n } from "@lingui/core";
import { describe, expect, test } from "vitest";
import { KNOWN_CODES } from "../errors/sentences";
import { STEPS } from "../waiting/progress";
import { messages as de } from "./de.po";
import { messages as en } from "./en.po";

const CONSOLE = join(import.meta.dirname, "..");

/** msgid → msgstr of a catalog as it stands in the file. */
function entries(language: string): Map<string, string> {
  const text = readFileSync(join(import.meta.dirname, `${language}.po`), "utf8");
  const found = [...text.matchAll(/^msgid "(.+)"\nmsgstr "(.*)"$/gm)];
  return new Map(found.map(([, id, sentence]) => [id ?? "", sentence ?? ""]));
}

const sources = readdirSync(CONSOLE, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|generated|\.d\.ts$/.test(name))
  .map((name) => readFileSync(join(CONSOLE, name), "utf8"))
  .join("\n");

/** Ids written out, in a call or as the `id:` of a situation. */
const literal = new Set(
  [...sources.matchAll(/(?:\bt\(|\bid: |\? |: |return )"([a-z][A-Za-z]*(?:\.[A-Za-z-]+)+|back|next|close|loading)"/g)].map(
    ([, id]) => id ?? "",
  ),
);
/** Ids put together from a known word, as patterns. */
const composed = [...sources.matchAll(/`((?:[a-z][A-Za-z]*\.)+[^`]*\$\{[^`]+)`/g)].map(
  ([, id]) => new RegExp(`^${(id ?? "").replaceAll(".", "\\.").replace(/\$\{[^}]+\}/g, "[\\w-]+")}$`),
);

const catalogs = { de: entries("de"), en: entries("en") };
const placeholders = (sentence: string) => [...new Set([...sentence.matchAll(/\{(\w+)(?=[},])/g)].map(([, name]) => name))].sort();

describe("the catalogs", () => {
  test("have the same ids and no empty sentence", () => {
    expect([...catalogs.de.keys()]).toEqual([...catalogs.en.keys()]);
    for (const catalog of Object.values(catalogs)) expect([...catalog.values()].filter((text) => !text)).toEqual([]);
  });

  test("have every id that is written out in the sources", () => {
    expect(literal.size).toBeGreaterThan(80);
    expect([...literal].filter((id) => !catalogs.en.has(id))).toEqual([]);
  });

  test("have ids for every pattern, and no id that nobody uses", () => {
    const ids = [...catalogs.en.keys()];
    expect(composed.filter((pattern) => !ids.some((id) => pattern.test(id)))).toEqual([]);
    expect(ids.filter((id) => !literal.has(id) && !composed.some((pattern) => pattern.test(id)))).toEqual([]);
  });

  test("have a sentence for every code, reason, removal and step", () => {
    const words = {
      error: KNOWN_CODES,
      reason: ["technician", "customer", "expired", "cancelled", "lapsed"],
      ended: ["technician", "customer", "expired", "cancelled", "lapsed"],
      removal: ["none", "pending", "confirmed", "unconfirmed"],
      "ended.removal": ["none", "pending", "confirmed", "unconfirmed"],
      invitation: ["queued", "sent", "failed"],
      strength: ["empty", "short", "weak", "fair", "strong", "long"],
      "code.lost": ["expired", "tries"],
      "app.administrator": ["missing", "damaged", "otherServer", "tooOld", "development", "unsigned"],
      "app.technician": ["none", "development", "unsigned"],
      "receipt.reason": ["technician", "customer", "expired", "rejected"],
      "receipt.by": ["technician", "customer", "clock", "server"],
      "receipt.label": ["program", "data", "service", "task", "autostart", "download", "directory"],
      "receipt.fate": ["removed", "finishing", "left"],
      say: [...STEPS, "refused"],
      progress: STEPS.flatMap((step) => [`${step}.todo`, `${step}.done`]),
    };
    for (const [area, keys] of Object.entries(words)) {
      expect(keys.filter((key) => !catalogs.en.has(`${area}.${key}`))).toEqual([]);
    }
  });

  test("use the same placeholders in both languages", () => {
    for (const [id, sentence] of catalogs.en) {
      const german = catalogs.de.get(id) ?? "";
      expect({ id, names: placeholders(german) }).toEqual({ id, names: placeholders(sentence) });
    }
  });

  test("compile, with plurals that follow the language", () => {
    const i18n = setupI18n({ messages: { de, en }, locale: "de" });
    expect(i18n._("code.left", { time: "9:58", tries: 1 })).toBe("Noch 9:58 min gültig · 1 Versuch übrig");
    i18n.activate("en");
    expect(i18n._("code.left", { time: "9:58", tries: 2 })).toBe("Valid for 9:58 min · 2 tries left");
  });

  test("address people formally in German", () => {
    const familiar = /\b(du|dein\w*|dich|dir|euch|euer)\b/i;
    expect([...catalogs.de].filter(([, sentence]) => familiar.test(sentence))).toEqual([]);
  });
});
