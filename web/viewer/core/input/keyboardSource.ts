/** The DOM half of the keyboard: listens, feeds `KeyboardMachine`, and lets a paste reach the remote PC first. */
import type { KeyboardMachine, KeyboardMessage, KeyEvent, Platform } from "./keyboard";

/** What the keyboard needs from its page. */
export interface KeyboardTarget {
  send(message: KeyboardMessage): void;
  /** The user pastes this text on the remote PC: its clipboard should have it before the key arrives. */
  paste(text: string): void;
  /** The user asks for the page's own controls (Control, Alt and Shift together). */
  controls(): void;
}

/** `KeyboardEvent.keyCode` of a key that an input method has taken. */
const COMPOSITION_KEY_CODE = 229;
/** A browser that lets the page see a paste does so at once; a key never waits longer. */
const PASTE_PATIENCE_MS = 100;

/** What on-screen keyboards do by editing instead of by keys. */
const EDITS: Readonly<Record<string, string>> = {
  deleteContentBackward: "Backspace",
  deleteContentForward: "Delete",
  insertLineBreak: "Enter",
  insertParagraph: "Enter",
};

export class KeyboardSource {
  readonly #field: HTMLTextAreaElement;
  readonly #machine: KeyboardMachine;
  readonly #target: KeyboardTarget;
  readonly #isLocal: (target: EventTarget | null) => boolean;
  #enabled = false;
  #composing = false;
  /** Keys that wait for a paste to be read; null: none do. */
  #held: KeyboardMessage[] | null = null;
  #heldTimer = 0;
  #settleTimer = 0;

  /**
   * @param field receives what keys alone cannot say; lies unseen on the page
   * @param isLocal whether keys at this element are meant for the page itself
   */
  constructor(
    field: HTMLTextAreaElement,
    machine: KeyboardMachine,
    target: KeyboardTarget,
    isLocal: (target: EventTarget | null) => boolean,
  ) {
    this.#field = field;
    this.#machine = machine;
    this.#target = target;
    this.#isLocal = isLocal;
    window.addEventListener("keydown", (event) => this.#keyDown(event), true);
    window.addEventListener("keyup", (event) => this.#keyUp(event), true);
    window.addEventListener("blur", () => this.releaseAll());
    window.addEventListener("pagehide", () => this.releaseAll());
    document.addEventListener("visibilitychange", () => document.hidden && this.releaseAll());
    field.addEventListener("blur", () => this.releaseAll());
    field.addEventListener("compositionstart", () => {
      this.#composing = true;
    });
    field.addEventListener("compositionend", (event) => this.#composed(event));
    field.addEventListener("input", (event) => this.#edited(event as InputEvent));
    field.addEventListener("paste", (event) => this.#paste(event));
  }

  /** Begins to listen and takes the keyboard. */
  enable(): void {
    this.#enabled = true;
    this.focus();
  }

  /** Lets the page have its keys again. */
  disable(): void {
    this.releaseAll();
    this.#enabled = false;
    this.#field.blur();
  }

  focus(): void {
    if (this.#enabled) this.#field.focus({ preventScroll: true });
  }

  /** Whether the on-screen keyboard may come up. */
  set onScreen(allowed: boolean) {
    this.#field.inputMode = allowed ? "text" : "none";
    this.#field.blur();
    this.focus();
  }

  /** Sends what is held back, before a click for instance. */
  settle(): void {
    this.#emit(this.#machine.settle());
  }

  releaseAll(): void {
    if (!this.#enabled) return;
    this.#release();
    this.#emit(this.#machine.releaseAll());
  }

  #keyDown(event: KeyboardEvent): void {
    if (!this.#enabled || this.#isLocal(event.target)) return;
    if (event.target !== this.#field) this.focus();
    if (isControlsShortcut(event)) {
      event.preventDefault();
      this.releaseAll();
      this.#target.controls();
      return;
    }
    const reaction = this.#machine.keyDown(this.#keyEvent(event));
    if (isPaste(event)) this.#awaitPaste();
    else if (reaction.prevent) event.preventDefault();
    this.#emit(reaction.messages);
  }

  #keyUp(event: KeyboardEvent): void {
    if (!this.#enabled || this.#isLocal(event.target)) return;
    const reaction = this.#machine.keyUp(this.#keyEvent(event));
    if (reaction.prevent) event.preventDefault();
    this.#emit(reaction.messages);
  }

  #composed(event: CompositionEvent): void {
    this.#composing = false;
    this.#field.value = "";
    if (this.#enabled) this.#emit(this.#machine.text(event.data, event.timeStamp));
  }

  #edited(event: InputEvent): void {
    if (this.#composing || event.isComposing) return;
    this.#field.value = "";
    if (!this.#enabled) return;
    const key = EDITS[event.inputType];
    if (key !== undefined) this.#emit(this.#machine.tap(key, key));
    else if (event.inputType === "insertText" || event.inputType === "insertReplacementText") {
      this.#emit(this.#machine.text(event.data ?? "", event.timeStamp));
    }
  }

  #paste(event: ClipboardEvent): void {
    event.preventDefault();
    if (!this.#enabled) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text !== "") this.#target.paste(text);
    this.#release();
  }

  #awaitPaste(): void {
    this.#held ??= [];
    window.clearTimeout(this.#heldTimer);
    this.#heldTimer = window.setTimeout(() => this.#release(), PASTE_PATIENCE_MS);
  }

  #release(): void {
    const held = this.#held;
    this.#held = null;
    window.clearTimeout(this.#heldTimer);
    for (const message of held ?? []) this.#target.send(message);
  }

  #emit(messages: readonly KeyboardMessage[]): void {
    for (const message of messages) {
      if (this.#held !== null) this.#held.push(message);
      else this.#target.send(message);
    }
    window.clearTimeout(this.#settleTimer);
    const settleAtMs = this.#machine.settleAtMs;
    if (settleAtMs === null) return;
    this.#settleTimer = window.setTimeout(() => this.settle(), Math.max(0, settleAtMs - performance.now()));
  }

  #keyEvent(event: KeyboardEvent): KeyEvent {
    return {
      code: event.code,
      key: event.key,
      repeat: event.repeat,
      composing: event.isComposing || event.keyCode === COMPOSITION_KEY_CODE,
      ctrl: event.ctrlKey,
      alt: event.altKey,
      shift: event.shiftKey,
      meta: event.metaKey,
      altGraph: event.getModifierState("AltGraph"),
      timeMs: event.timeStamp,
    };
  }
}

/** The system the browser runs on, as far as keyboards differ. */
export function platformOf(name: string): Platform {
  if (/^win/i.test(name)) return "windows";
  return /^(mac|iphone|ipad|ipod)/i.test(name) ? "mac" : "other";
}

function isControlsShortcut(event: KeyboardEvent): boolean {
  const modifier = event.key === "Control" || event.key === "Alt" || event.key === "Shift";
  return modifier && event.ctrlKey && event.altKey && event.shiftKey && !event.repeat;
}

function isPaste(event: KeyboardEvent): boolean {
  if (event.code === "Insert") return event.shiftKey && !event.ctrlKey && !event.altKey;
  return event.key.toLowerCase() === "v" && (event.ctrlKey || event.metaKey) && !event.altKey;
}
