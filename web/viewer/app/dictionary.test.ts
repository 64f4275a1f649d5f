import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { codes } from "../../protocol/generated/messages";
import { chooseLanguage, dictionary, fill, type TextKey } from "./dictionary";
import { sentenceFor, sentences } from "./sentences";
import { groupedNumber, Texts } from "./texts";

const page = readFileSync(new URL("../index.html", import.meta.url), "utf8");
const parameters = (sentence: string) => [...sentence.matchAll(/\{\w+\}/g)].map(String).sort();
const keys = Object.keys(dictionary.en) as TextKey[];

describe("the dictionary", () => {
  it("says everything in both languages, with the same parameters", () => {
    expect(Object.keys(dictionary.de).sort()).toEqual([...keys].sort());
    for (const key of keys) {
      expect(dictionary.de[key].trim(), key).not.toBe("");
      expect(parameters(dictionary.de[key]), key).toEqual(parameters(dictionary.en[key]));
    }
  });

  it("has every word that the page names", () => {
    const named = [...page.matchAll(/data-(?:text|label)="([^"]*)"/g)].map((match) => match[1] as TextKey);
    expect(named.length).toBeGreaterThan(40);
    for (const key of named) expect(keys).toContain(key);
  });

  it("agrees with the English that stands in the page until the script runs", () => {
    const texts = [...page.matchAll(/data-text="([^"]*)"[^>]*>([^<]*)</g)];
    const labels = [...page.matchAll(/data-label="([^"]*)" aria-label="([^"]*)"/g)];
    for (const [, key, text] of [...texts, ...labels]) expect(text).toBe(dictionary.en[key as TextKey]);
  });

  it("fills parameters as text and leaves unknown ones alone", () => {
    expect(fill("{a} {b}", { a: "<b>" })).toBe("<b> {b}");
  });
});

describe("sentences of codes", () => {
  it("exist in both languages for everything a connection can end with", () => {
    for (const sentence of Object.values(sentences)) {
      expect(sentence.de.trim()).not.toBe("");
      expect(sentence.en.trim()).not.toBe("");
    }
    for (const code of Object.values(codes).filter((code) => code.startsWith("ZRF-4"))) {
      expect(Object.keys(sentences)).toContain(code);
    }
  });

  it("have something to say about an unknown code", () => {
    expect(sentenceFor("ZRF-777", "de")).toBe(sentences[codes.INTERNAL]?.de);
  });
});

describe("the language", () => {
  it.each([
    ["?lang=de", ["en-US"], "de", true],
    ["?lang=fr", ["fr-FR", "de-AT"], "de", false],
    ["", ["fr-FR"], "en", false],
    ["?lang=", [], "en", false],
  ])("of %s with %o is %s", (search, browser, language, chosen) => {
    expect(chooseLanguage(search, browser)).toEqual({ language, chosen });
  });

  it("tells its listeners once per change", () => {
    const texts = new Texts("en");
    let changes = 0;
    texts.onChange(() => {
      changes += 1;
    });
    texts.choose("de");
    texts.choose("de");
    expect(changes).toBe(1);
    expect(texts.text("form.connect")).toBe("Verbinden");
  });
});

it("times are seconds, then minutes, never nothing", () => {
  const texts = new Texts("en");
  expect([0, 1500, 90_000, 91_000, 300_000].map((ms) => texts.duration(ms))).toEqual([
    "1 s",
    "2 s",
    "90 s",
    "2 min",
    "5 min",
  ]);
});

it("session numbers are grouped as people read them", () => {
  expect(groupedNumber("1234567890")).toBe("123 456 7890");
  expect(groupedNumber("12")).toBe("12");
});
