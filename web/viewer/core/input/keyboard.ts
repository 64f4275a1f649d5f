/**
 * Decides what a browser's keyboard events mean for the remote PC. Pure: events in, messages out; `keyboardSource.ts`
 * is the DOM half. The host takes the *character* of a key and falls back on its *position*, therefore:
 *
 * - Caps, Num and Scroll Lock stay here: they are in the characters already.
 * - AltGr is one key. Windows reports it as ControlLeft and AltRight; that Control is not sent.
 * - A Mac's Option key is AltGr where it makes a character, and Alt otherwise.
 * - Dead keys and input methods are the browser's: only the finished characters go out.
 */
import type { Key, ReleaseAll, Text } from "../../../protocol/generated/messages";
import { textMessages } from "./text";

export type Platform = "windows" | "mac" | "other";

/** What of a KeyboardEvent matters. */
export interface KeyEvent {
  readonly code: string;
  readonly key: string;
  readonly repeat: boolean;
  /** `isComposing`, or the key code 229 that stands for it. */
  readonly composing: boolean;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly meta: boolean;
  readonly altGraph: boolean;
  readonly timeMs: number;
}

export type KeyboardMessage = Key | Text | ReleaseAll;

export interface Reaction {
  readonly messages: readonly KeyboardMessage[];
  /** Whether the browser must not act on the event itself. */
  readonly prevent: boolean;
}

/** Windows sends both halves of AltGr within a millisecond; a person cannot. */
const ALTGR_GAP_MS = 20;
/** A character that arrives twice within this time came by two ways. */
const ECHO_MS = 60;
const LOCKS: ReadonlySet<string> = new Set(["CapsLock", "NumLock", "ScrollLock"]);
const MODIFIER = /^(Control|Alt|Shift|Meta)(Left|Right)$/;
const NAMED_KEY = /^[A-Z][A-Za-z0-9]+$/;
const RELEASE_ALL: ReleaseAll = { t: "release_all" };

export class KeyboardMachine {
  readonly #platform: Platform;
  /** What is down on the remote PC, by position; the name is the one that went out with it. */
  readonly #down = new Map<string, string>();
  /** A modifier that may turn out not to be one: Windows' Control before AltGr, a Mac's Option. */
  #pending: { readonly code: string; readonly key: string; readonly timeMs: number } | null = null;
  /** Whether the Mac's Option key is down here, whatever the remote PC knows. */
  #option: string | null = null;
  #lastCharacter: { readonly text: string; readonly timeMs: number; readonly composed: boolean } | null = null;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Until when a held-back Control waits for its AltRight; call `settle` then. Null: nothing waits for the clock. */
  get settleAtMs(): number | null {
    return this.#pending !== null && this.#platform === "windows" ? this.#pending.timeMs + ALTGR_GAP_MS : null;
  }

  /** Sends what was held back; before anything else happens that it should be part of, a click for instance. */
  settle(): readonly KeyboardMessage[] {
    const pending = this.#pending;
    if (pending === null) return [];
    this.#pending = null;
    return [this.#press(pending.code, pending.key)];
  }

  keyDown(event: KeyEvent): Reaction {
    if (event.composing || event.key === "Process" || event.key === "Unidentified" || event.key === "Dead") {
      // An Option key that takes part in this is no Alt.
      if (this.#option !== null) this.#pending = null;
      return { messages: event.key === "Dead" ? this.#resync(event) : [], prevent: false };
    }
    if (LOCKS.has(event.key)) return { messages: [], prevent: false };
    const modifier = MODIFIER.test(event.code);
    if (modifier && event.repeat) return handled([]);
    if (modifier) return handled(this.#modifierDown(event));
    return handled(this.#keyDown(event));
  }

  keyUp(event: KeyEvent): Reaction {
    if (LOCKS.has(event.key)) return { messages: [], prevent: false };
    if (event.key === "PrintScreen" && !this.#down.has(event.code)) {
      // Windows keeps its keydown.
      return handled([this.#press(event.code, event.key), ...this.#release(event.code)]);
    }
    const messages: KeyboardMessage[] = [];
    if (this.#pending?.code === event.code) messages.push(...this.settle());
    if (this.#option === event.code) this.#option = null;
    messages.push(...this.#release(event.code));
    if (this.#platform === "windows" && /^Shift/.test(event.code)) {
      // With both Shift keys down, Windows reports one release.
      messages.push(...this.#release("ShiftLeft"), ...this.#release("ShiftRight"));
    }
    if (this.#platform === "mac" && /^Meta/.test(event.code)) messages.push(...this.#releaseOrdinary());
    return handled(messages);
  }

  /** Characters that an input method, a dead key or an on-screen keyboard made. */
  text(text: string, timeMs: number): readonly KeyboardMessage[] {
    if (text === "" || this.#isEcho(text, timeMs, true)) return [];
    this.#lastCharacter = { text, timeMs, composed: true };
    return textMessages(text);
  }

  /** A key that only an on-screen keyboard's edit tells of. */
  tap(code: string, key: string): readonly KeyboardMessage[] {
    return [this.#press(code, key), ...this.#release(code)];
  }

  /** The page lost the keyboard: nothing is down any more. */
  releaseAll(): readonly KeyboardMessage[] {
    this.#pending = null;
    this.#option = null;
    this.#lastCharacter = null;
    this.#down.clear();
    return [RELEASE_ALL];
  }

  #modifierDown(event: KeyEvent): KeyboardMessage[] {
    const messages: KeyboardMessage[] = [];
    const pending = this.#pending;
    const altGraph = event.key === "AltGraph" || (event.code === "AltRight" && event.altGraph);
    if (this.#platform === "windows" && event.code === "AltRight" && pending !== null) {
      if (event.timeMs - pending.timeMs < ALTGR_GAP_MS) {
        this.#pending = null;
        return [this.#press(event.code, "AltGraph")];
      }
    }
    messages.push(...this.settle());
    if (this.#platform === "windows" && event.code === "ControlLeft") {
      this.#pending = { code: event.code, key: event.key, timeMs: event.timeMs };
      return messages;
    }
    if (this.#platform === "mac" && /^Alt/.test(event.code)) {
      this.#option = event.code;
      this.#pending = { code: event.code, key: "Alt", timeMs: event.timeMs };
      return messages;
    }
    messages.push(this.#press(event.code, altGraph ? "AltGraph" : event.key));
    return messages;
  }

  #keyDown(event: KeyEvent): KeyboardMessage[] {
    const messages: KeyboardMessage[] = [];
    const named = NAMED_KEY.test(event.key) && event.key.length > 1;
    if (this.#option !== null && !named && !event.ctrl && !event.meta) {
      // Option made this character: it is AltGr, and the remote PC must not see an Alt.
      this.#pending = null;
      messages.push(...this.#release(this.#option));
    } else {
      messages.push(...this.settle());
    }
    messages.push(...this.#resync(event));
    if (!named) {
      if (!event.repeat && this.#isEcho(event.key, event.timeMs, false)) return messages;
      this.#lastCharacter = { text: event.key, timeMs: event.timeMs, composed: false };
      if (Array.from(event.key).length > 1 || event.code === "") return [...messages, ...textMessages(event.key)];
    }
    messages.push(this.#press(event.code, event.key));
    // While Command is down, a Mac never reports the release of another key.
    if (this.#platform === "mac" && event.meta) messages.push(...this.#release(event.code));
    return messages;
  }

  /** Releases modifiers whose release never arrived: the event says they are up. */
  #resync(event: KeyEvent): KeyboardMessage[] {
    if (event.altGraph || this.#option !== null) return [];
    const flags = { Control: event.ctrl, Alt: event.alt, Shift: event.shift, Meta: event.meta };
    const messages: KeyboardMessage[] = [];
    for (const code of [...this.#down.keys()]) {
      const name = MODIFIER.exec(code)?.[1] as keyof typeof flags | undefined;
      if (name !== undefined && !flags[name] && this.#down.get(code) === name) messages.push(...this.#release(code));
    }
    return messages;
  }

  #releaseOrdinary(): KeyboardMessage[] {
    return [...this.#down.keys()].filter((code) => !MODIFIER.test(code)).flatMap((code) => this.#release(code));
  }

  #press(code: string, key: string): Key {
    this.#down.set(code, key);
    return { t: "key", code, key, down: true };
  }

  #release(code: string): Key[] {
    const key = this.#down.get(code);
    if (key === undefined) return [];
    this.#down.delete(code);
    return [{ t: "key", code, key, down: false }];
  }

  /** Whether the same character has just come by the other way (browsers differ in the order of the two). */
  #isEcho(text: string, timeMs: number, composed: boolean): boolean {
    const last = this.#lastCharacter;
    if (last === null || last.composed === composed) return false;
    if (last.text !== text || timeMs - last.timeMs > ECHO_MS) return false;
    this.#lastCharacter = null;
    return true;
  }
}

function handled(messages: readonly KeyboardMessage[]): Reaction {
  return { messages, prevent: true };
}
