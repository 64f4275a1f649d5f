// @vitest-environment jsdom
import { describe, expect, test, vi } from "vitest";
import type { Device, Facts, Situation } from "./facts";
import { chooseLanguage, type Language } from "./texts";
import { draw } from "./view";

const facts: Facts = {
  number: "1234567890",
  company: "<b>Muster</b> & Söhne",
  technician: '<img src=x onerror="alert(1)">',
  locale: "de",
  state: "open",
  link_expires_at: "2026-11-24T12:00:00Z",
  download: null,
};
const file = {
  url: "/download/app",
  name: "Support-1234567890.exe",
  sha256: "ab".repeat(32),
  size: 35_300_000,
  publisher: "Muster IT GmbH",
  signed: true,
  version: "0.1.0",
};
const unsigned = { ...file, publisher: "", signed: false };

function show(situation: Situation, device: Device = "windows", language: Language = "de", onLanguage = vi.fn()) {
  const href = "https://help.example/join/1234567890";
  const page = draw({ situation, language, device, origin: "https://help.example", href, onLanguage });
  const find = (testId: string) => page.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
  return { page, find, onLanguage };
}

const open = (more: Partial<Facts> = {}): Situation => ({ kind: "open", facts: { ...facts, ...more } });

describe("the customer's page", () => {
  test("shows names as text, whatever they contain", () => {
    const { page, find } = show(open());
    expect(page.querySelector("img, b")).toBeNull();
    expect(find("headline")?.textContent).toContain('<img src=x onerror="alert(1)">');
    expect(find("company")?.textContent).toContain("<b>Muster</b> & Söhne");
  });

  test("asks whether this help was asked for, in both languages", () => {
    expect(show(open()).page.textContent).toContain("Haben Sie um diese Hilfe gebeten?");
    expect(show(open(), "windows", "en").page.textContent).toContain("Did you ask for this help?");
  });

  test("offers the file with its checksum and publisher on Windows", () => {
    const { page, find } = show(open({ download: file }));
    expect(find("download")?.getAttribute("href")).toBe("/download/app");
    expect(find("size")?.textContent).toBe("für Windows 10 und 11 · 35,3 MB · Version 0.1.0");
    expect(find("sha256")?.textContent).toBe(file.sha256);
    expect(find("sha256")?.childElementCount).toBe(8);
    expect(find("publisher")?.textContent).toBe(file.publisher);
    expect(page.textContent).toContain(file.name);
    expect(find("unsigned")).toBeNull();
  });

  test("lets the server's answer decide whether it is a file or a page that says why not", () => {
    expect(
      show(open({ download: file }))
        .find("download")
        ?.hasAttribute("download"),
    ).toBe(false);
  });

  test.each(["de", "en"] as const)(
    "says in three steps what Windows asks, with the publisher's name (%s)",
    (language) => {
      const asks = show(open({ download: file }), "windows", language).find("windows");
      expect(asks?.querySelectorAll("li")).toHaveLength(3);
      expect(asks?.textContent).toContain(file.name);
      expect(asks?.textContent?.split(file.publisher)).toHaveLength(3);
    },
  );

  test.each(["de", "en"] as const)("never names a publisher for a file that nobody signed (%s)", (language) => {
    const { page, find } = show(open({ download: { ...unsigned, publisher: "Contoso" } }), "windows", language);
    expect(page.textContent).not.toContain("Contoso");
    expect(find("unsigned")).not.toBeNull();
    expect(find("publisher")?.textContent).toMatch(/Testversion|test build/);
    expect(find("windows")?.querySelectorAll("li")).toHaveLength(3);
  });

  test("shows what the server says of the file as text", () => {
    const hostile = { ...file, publisher: "<img src=x>", version: "<b>1</b>", name: "<i>.exe" };
    const { page } = show(open({ download: hostile }));
    expect(page.querySelector("img, b, i")).toBeNull();
  });

  test("says so where the server has no file", () => {
    const { find } = show(open());
    expect(find("download")).toBeNull();
    expect(find("no-download")).not.toBeNull();
  });

  test("shows the command on Linux and the way to the PC elsewhere, never a download", () => {
    const linux = show(open({ download: file }), "linux");
    expect(linux.find("linux-command")?.textContent).toContain("--number 1234567890");
    const phone = show(open({ download: file }), "other");
    expect(phone.find("page-link")?.textContent).toBe("https://help.example/join/1234567890");
    expect([linux.find("download"), phone.find("download")]).toEqual([null, null]);
    expect([linux.find("windows"), phone.find("windows")]).toEqual([null, null]);
  });

  test("tells nothing of the session when it has ended", () => {
    const { page, find } = show({ kind: "ended", facts });
    expect(find("message")?.dataset.kind).toBe("ended");
    expect(page.textContent).not.toContain("1234567890");
    expect(page.textContent).not.toContain("Muster");
  });

  test("switches the language", () => {
    const { find, onLanguage } = show(open());
    find("language-en")?.click();
    expect(onLanguage).toHaveBeenCalledWith("en");
  });
});

test("the language is the one asked for, else the session's, else the browser's, else English", () => {
  expect(chooseLanguage("en", "de", ["de"])).toBe("en");
  expect(chooseLanguage("xx", "de", ["en"])).toBe("de");
  expect(chooseLanguage(null, null, ["fr-FR", "de-AT"])).toBe("de");
  expect(chooseLanguage(null, null, ["fr"])).toBe("en");
});
