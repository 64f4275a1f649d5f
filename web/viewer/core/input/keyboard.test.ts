import { describe, expect, it } from "vitest";
import { KeyboardMachine, type KeyboardMessage, type KeyEvent, type Platform } from "./keyboard";

/** Types on a machine, an event every 100 ms unless it says otherwise, and notes what goes out. */
class Typist {
  readonly machine: KeyboardMachine;
  sent: string[] = [];
  prevented: boolean[] = [];
  #timeMs = 0;
  readonly #flags: Record<string, boolean> = { ctrl: false, alt: false, shift: false, meta: false, altGraph: false };

  constructor(platform: Platform) {
    this.machine = new KeyboardMachine(platform);
  }

  down(code: string, key: string, extra: Partial<KeyEvent> = {}): this {
    this.#modifier(key, true);
    const reaction = this.machine.keyDown(this.#event(code, key, extra));
    this.prevented.push(reaction.prevent);
    return this.#note(reaction.messages);
  }

  up(code: string, key: string, extra: Partial<KeyEvent> = {}): this {
    this.#modifier(key, false);
    return this.#note(this.machine.keyUp(this.#event(code, key, extra)).messages);
  }

  press(code: string, key: string, extra: Partial<KeyEvent> = {}): this {
    return this.down(code, key, extra).up(code, key, extra);
  }

  composed(text: string, laterMs = 1): this {
    return this.#note(this.machine.text(text, this.#timeMs + laterMs));
  }

  settle(): this {
    return this.#note(this.machine.settle());
  }

  #event(code: string, key: string, extra: Partial<KeyEvent>): KeyEvent {
    this.#timeMs += 100;
    const plain = { code, key, repeat: false, composing: false, timeMs: this.#timeMs };
    const event = { ...plain, ...this.#flags, ...extra } as KeyEvent;
    this.#timeMs = event.timeMs;
    return event;
  }

  /** The browser's flags follow the keys it has reported. */
  #modifier(key: string, down: boolean): void {
    const flag = { Control: "ctrl", Alt: "alt", Shift: "shift", Meta: "meta", AltGraph: "altGraph" }[key];
    if (flag !== undefined) this.#flags[flag] = down;
  }

  get now(): number {
    return this.#timeMs;
  }

  #note(messages: readonly KeyboardMessage[]): this {
    for (const message of messages) {
      if (message.t === "key") this.sent.push(`${message.down ? "+" : "-"}${message.code} ${message.key}`);
      else this.sent.push(message.t === "text" ? `text ${message.text}` : message.t);
    }
    return this;
  }
}

const on = (platform: Platform) => new Typist(platform);

describe("ordinary keys", () => {
  it("go out with position and character, and come back up as they went down", () => {
    const typist = on("other").down("ShiftLeft", "Shift").down("KeyY", "Z").up("ShiftLeft", "Shift").up("KeyY", "z");
    expect(typist.sent).toEqual(["+ShiftLeft Shift", "+KeyY Z", "-ShiftLeft Shift", "-KeyY Z"]);
  });

  it("repeat while they are held; modifiers do not", () => {
    const typist = on("other").down("KeyA", "a").down("KeyA", "a", { repeat: true });
    typist.down("ShiftLeft", "Shift").down("ShiftLeft", "Shift", { repeat: true });
    expect(typist.sent).toEqual(["+KeyA a", "+KeyA a", "+ShiftLeft Shift"]);
  });

  it("are kept from the browser; locks and composition are not", () => {
    const typist = on("other")
      .down("F5", "F5")
      .down("CapsLock", "CapsLock")
      .down("KeyA", "Process")
      .down("Quote", "Dead");
    expect(typist.prevented).toEqual([true, false, false, false]);
    expect(typist.sent).toEqual(["+F5 F5"]);
  });

  it("that came up without going down send nothing", () => {
    expect(on("other").up("KeyA", "a").sent).toEqual([]);
  });

  it("without a position are text", () => {
    expect(on("other").press("", "ß").sent).toEqual(["text ß"]);
  });

  it("that make several characters are text", () => {
    expect(on("other").press("BracketLeft", "^^").sent).toEqual(["text ^^"]);
  });

  it("of Windows' print screen, whose press is never reported, are pressed and released", () => {
    expect(on("windows").up("PrintScreen", "PrintScreen").sent).toEqual([
      "+PrintScreen PrintScreen",
      "-PrintScreen PrintScreen",
    ]);
  });
});

describe("AltGr", () => {
  it("on Windows is AltRight alone: the Control before it is not sent", () => {
    const typist = on("windows").down("ControlLeft", "Control");
    typist.down("AltRight", "AltGraph", { timeMs: typist.now }).press("KeyQ", "@");
    typist.up("ControlLeft", "Control").up("AltRight", "AltGraph");
    expect(typist.sent).toEqual(["+AltRight AltGraph", "+KeyQ @", "-KeyQ @", "-AltRight AltGraph"]);
  });

  it("on Windows is recognised where the browser calls it Alt", () => {
    const typist = on("windows").down("ControlLeft", "Control");
    typist.down("AltRight", "Alt", { timeMs: typist.now + 1 });
    expect(typist.sent).toEqual(["+AltRight AltGraph"]);
  });

  it("on Windows does not swallow a Control that a person pressed before it", () => {
    const typist = on("windows").down("ControlLeft", "Control").down("AltRight", "Alt");
    expect(typist.sent).toEqual(["+ControlLeft Control", "+AltRight Alt"]);
  });

  it("on Linux is one key", () => {
    const typist = on("other").down("AltRight", "AltGraph").press("KeyQ", "@").up("AltRight", "AltGraph");
    expect(typist.sent).toEqual(["+AltRight AltGraph", "+KeyQ @", "-KeyQ @", "-AltRight AltGraph"]);
  });

  it("on a Mac is Option where it makes a character", () => {
    const typist = on("mac").down("AltLeft", "Alt").press("KeyL", "@").up("AltLeft", "Alt");
    expect(typist.sent).toEqual(["+KeyL @", "-KeyL @"]);
  });

  it("on a Mac is not Option with a named key, a shortcut, or alone", () => {
    const named = on("mac").down("AltLeft", "Alt").press("F4", "F4").up("AltLeft", "Alt");
    expect(named.sent).toEqual(["+AltLeft Alt", "+F4 F4", "-F4 F4", "-AltLeft Alt"]);
    const shortcut = on("mac").down("ControlLeft", "Control").down("AltLeft", "Alt").down("KeyT", "t");
    expect(shortcut.sent).toEqual(["+ControlLeft Control", "+AltLeft Alt", "+KeyT t"]);
    expect(on("mac").press("AltLeft", "Alt").sent).toEqual(["+AltLeft Alt", "-AltLeft Alt"]);
  });

  it("on a Mac takes back an Alt that a click needed, when a character follows", () => {
    const typist = on("mac").down("AltLeft", "Alt").settle().press("KeyL", "@");
    expect(typist.sent).toEqual(["+AltLeft Alt", "-AltLeft Alt", "+KeyL @", "-KeyL @"]);
  });
});

describe("Control on Windows", () => {
  it("goes out before the key it belongs to", () => {
    const typist = on("windows").down("ControlLeft", "Control").press("KeyC", "c").up("ControlLeft", "Control");
    expect(typist.sent).toEqual(["+ControlLeft Control", "+KeyC c", "-KeyC c", "-ControlLeft Control"]);
  });

  it("goes out when the clock or a click says so", () => {
    const typist = on("windows").down("ControlLeft", "Control");
    expect(typist.sent).toEqual([]);
    expect(typist.machine.settleAtMs).toBe(typist.now + 20);
    expect(typist.settle().sent).toEqual(["+ControlLeft Control"]);
    expect(typist.machine.settleAtMs).toBeNull();
  });

  it("tapped alone is pressed and released", () => {
    expect(on("windows").press("ControlLeft", "Control").sent).toEqual([
      "+ControlLeft Control",
      "-ControlLeft Control",
    ]);
  });
});

describe("dead keys and composition", () => {
  it("where the next key carries the character", () => {
    const typist = on("windows").press("Equal", "Dead").press("KeyE", "é");
    expect(typist.sent).toEqual(["+KeyE é", "-KeyE é"]);
  });

  it("where only the composition carries it", () => {
    const typist = on("mac").press("Equal", "Dead").press("KeyE", "é", { composing: true }).composed("é");
    expect(typist.sent).toEqual(["text é"]);
  });

  it("where both do, in either order, the character is typed once", () => {
    expect(on("other").press("Equal", "Dead").down("KeyE", "é").composed("é").sent).toEqual(["+KeyE é"]);
    const reversed = on("other").press("Equal", "Dead").composed("é");
    reversed.down("KeyE", "é", { timeMs: reversed.now + 2 });
    expect(reversed.sent).toEqual(["text é"]);
  });

  it("the same character typed twice by hand is typed twice", () => {
    expect(on("other").press("KeyE", "e").press("KeyE", "e").sent).toHaveLength(4);
    expect(on("other").composed("漢").composed("漢").sent).toEqual(["text 漢", "text 漢"]);
  });

  it("with a Mac's Option key leave no Alt behind", () => {
    const typist = on("mac").down("AltLeft", "Alt").press("KeyU", "Dead").up("AltLeft", "Alt").press("KeyA", "ä");
    expect(typist.sent).toEqual(["+KeyA ä", "-KeyA ä"]);
  });

  it("of an input method send the finished text only", () => {
    const typist = on("windows").press("KeyK", "Process").press("KeyA", "Process").composed("か");
    expect(typist.sent).toEqual(["text か"]);
  });

  it("of a composition given up send nothing", () => {
    expect(on("other").composed("").sent).toEqual([]);
  });

  it("of a long text are cut to what a message may carry, never within a character", () => {
    const messages = on("other").machine.text("🙂".repeat(5000), 0);
    expect(messages.map((message) => (message.t === "text" ? Array.from(message.text).length : 0))).toEqual([
      4096, 904,
    ]);
  });

  it("never send half a character", () => {
    expect(on("other").composed("a\ud83db").sent).toEqual(["text a\ufffdb"]);
  });
});

describe("keys that would be stuck", () => {
  it("are all released when the page loses the keyboard", () => {
    const typist = on("windows").down("ControlLeft", "Control");
    expect(typist.machine.releaseAll()).toEqual([{ t: "release_all" }]);
    expect(typist.up("ControlLeft", "Control").sent).toEqual([]);
  });

  it("on a Mac are released at once while Command is down, for their release is never reported", () => {
    const typist = on("mac").down("MetaLeft", "Meta").down("KeyC", "c").up("MetaLeft", "Meta");
    expect(typist.sent).toEqual(["+MetaLeft Meta", "+KeyC c", "-KeyC c", "-MetaLeft Meta"]);
  });

  it("on a Mac are released with Command when they were down before it", () => {
    const typist = on("mac").down("KeyA", "a").down("MetaLeft", "Meta").up("MetaLeft", "Meta");
    expect(typist.sent).toEqual(["+KeyA a", "+MetaLeft Meta", "-MetaLeft Meta", "-KeyA a"]);
  });

  it("are released when the next key says that a modifier is up", () => {
    const typist = on("other").down("AltLeft", "Alt").down("KeyA", "a", { alt: false });
    expect(typist.sent).toEqual(["+AltLeft Alt", "-AltLeft Alt", "+KeyA a"]);
  });

  it("are not released because AltGr hides Control and Alt from the flags", () => {
    const typist = on("other").down("ControlLeft", "Control").down("AltRight", "AltGraph");
    typist.down("KeyQ", "@", { ctrl: false, alt: false });
    expect(typist.sent).toEqual(["+ControlLeft Control", "+AltRight AltGraph", "+KeyQ @"]);
  });

  it("on Windows are both Shift keys, of which one release is reported", () => {
    const typist = on("windows").down("ShiftLeft", "Shift").down("ShiftRight", "Shift").up("ShiftRight", "Shift");
    expect(typist.sent.slice(2).sort()).toEqual(["-ShiftLeft Shift", "-ShiftRight Shift"]);
  });
});

it("an on-screen keyboard's edit is a key pressed and released", () => {
  expect(on("other").machine.tap("Backspace", "Backspace")).toEqual([
    { t: "key", code: "Backspace", key: "Backspace", down: true },
    { t: "key", code: "Backspace", key: "Backspace", down: false },
  ]);
});
