// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KeyboardMachine, type KeyboardMessage } from "./keyboard";
import { KeyboardSource, platformOf } from "./keyboardSource";

/** A page with the unseen field and a button of its own. jsdom dispatches; nothing of ours is replaced. */
class Page {
  static readonly open: Page[] = [];
  readonly heard: string[] = [];
  readonly field: HTMLTextAreaElement;
  readonly source: KeyboardSource;

  constructor() {
    document.body.innerHTML = '<textarea id="field"></textarea><button id="own">own</button>';
    this.field = document.querySelector("#field") as HTMLTextAreaElement;
    const target = {
      send: (message: KeyboardMessage) => this.heard.push(this.#told(message)),
      paste: (text: string) => this.heard.push(`paste ${text}`),
      controls: () => this.heard.push("controls"),
    };
    const isLocal = (at: EventTarget | null) => at instanceof HTMLButtonElement;
    this.source = new KeyboardSource(this.field, new KeyboardMachine("other"), target, isLocal);
    this.source.enable();
    Page.open.push(this);
  }

  /** Presses a key at an element; says whether the browser may act on it. */
  key(
    type: "keydown" | "keyup",
    code: string,
    key: string,
    init: KeyboardEventInit = {},
    at: EventTarget = this.field,
  ) {
    return at.dispatchEvent(new KeyboardEvent(type, { code, key, bubbles: true, cancelable: true, ...init }));
  }

  paste(text: string): void {
    const event = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { getData: () => text } });
    this.field.dispatchEvent(event);
  }

  #told(message: KeyboardMessage): string {
    if (message.t === "key") return `${message.down ? "+" : "-"}${message.code}`;
    return message.t === "text" ? `text ${message.text}` : message.t;
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  // Every source listens at the window as long as that lives.
  for (const page of Page.open.splice(0)) page.source.disable();
  vi.useRealTimers();
});

describe("KeyboardSource", () => {
  it("keeps keys from the browser, and takes them from anywhere but the page's own controls", () => {
    const page = new Page();
    expect(page.key("keydown", "F5", "F5")).toBe(false);
    expect(page.key("keydown", "KeyA", "a", {}, document.body)).toBe(false);
    expect(page.key("keydown", "Enter", "Enter", {}, document.querySelector("#own") as Element)).toBe(true);
    expect(page.heard).toEqual(["+F5", "+KeyA"]);
  });

  it("hands the pasted text over before the key that pastes it", () => {
    const page = new Page();
    page.key("keydown", "ControlLeft", "Control", { ctrlKey: true });
    expect(page.key("keydown", "KeyV", "v", { ctrlKey: true })).toBe(true);
    expect(page.heard).toEqual(["+ControlLeft"]);
    page.paste("hello");
    page.key("keyup", "KeyV", "v", { ctrlKey: true });
    expect(page.heard).toEqual(["+ControlLeft", "paste hello", "+KeyV", "-KeyV"]);
  });

  it("does not wait long for a paste that the browser keeps to itself", () => {
    const page = new Page();
    page.key("keydown", "Insert", "Insert", { shiftKey: true });
    expect(page.heard).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(page.heard).toEqual(["+Insert"]);
  });

  it("leads to the page's own controls, with nothing left down", () => {
    const page = new Page();
    page.key("keydown", "ControlLeft", "Control", { ctrlKey: true });
    page.key("keydown", "AltLeft", "Alt", { ctrlKey: true, altKey: true });
    page.key("keydown", "ShiftLeft", "Shift", { ctrlKey: true, altKey: true, shiftKey: true });
    expect(page.heard).toEqual(["+ControlLeft", "+AltLeft", "release_all", "controls"]);
  });

  it("releases everything when the window loses the focus", () => {
    const page = new Page();
    page.key("keydown", "KeyA", "a");
    window.dispatchEvent(new Event("blur"));
    expect(page.heard).toEqual(["+KeyA", "release_all"]);
    expect(page.key("keyup", "KeyA", "a")).toBe(false);
    expect(page.heard).toHaveLength(2);
  });

  it("types what an on-screen keyboard edits, and keeps nothing of it", () => {
    const page = new Page();
    page.field.value = "x";
    page.field.dispatchEvent(new InputEvent("input", { inputType: "insertText", data: "x", bubbles: true }));
    page.field.dispatchEvent(new InputEvent("input", { inputType: "deleteContentBackward", bubbles: true }));
    expect(page.heard).toEqual(["text x", "+Backspace", "-Backspace"]);
    expect(page.field.value).toBe("");
  });

  it("types a composition when it is finished, once", () => {
    const page = new Page();
    page.field.dispatchEvent(new CompositionEvent("compositionstart"));
    page.field.dispatchEvent(new InputEvent("input", { inputType: "insertCompositionText", data: "´" }));
    page.field.dispatchEvent(new CompositionEvent("compositionend", { data: "é" }));
    page.field.dispatchEvent(new InputEvent("input", { inputType: "insertCompositionText", data: "é" }));
    expect(page.heard).toEqual(["text é"]);
  });

  it("sends nothing after it was disabled", () => {
    const page = new Page();
    page.source.disable();
    expect(page.key("keydown", "KeyA", "a")).toBe(true);
    expect(page.heard).toEqual(["release_all"]);
  });
});

it.each([
  ["Win32", "windows"],
  ["MacIntel", "mac"],
  ["iPad", "mac"],
  ["Linux x86_64", "other"],
  ["", "other"],
])("the platform %s is %s", (name, platform) => {
  expect(platformOf(name)).toBe(platform);
});
