/** Keeps two clipboards alike, as far as the browser lets the page. Text only. */

/** The browser's clipboard. */
export interface LocalClipboard {
  /** The text; null where the page may not read it without asking the user. */
  read(): Promise<string | null>;
  /** Whether it was written. */
  write(text: string): Promise<boolean>;
}

export interface ClipboardEvents {
  /** Text for the remote PC. False: not sent. */
  send(text: string): boolean;
  /** Text from the remote PC; `written`: it is in the browser's clipboard already. */
  received(text: string, written: boolean): void;
}

/** Knows what both sides have, so that no text goes round in circles. */
export class ClipboardBridge {
  readonly #local: LocalClipboard;
  readonly #events: ClipboardEvents;
  #shared: string | null = null;
  #unwritten: string | null = null;

  constructor(local: LocalClipboard, events: ClipboardEvents) {
    this.#local = local;
    this.#events = events;
  }

  /** The user pastes or sends this text. Returns whether the remote PC has it now. */
  offer(text: string): boolean {
    const unix = text.replaceAll("\r\n", "\n");
    if (unix === this.#shared) return true;
    if (unix === "" || !this.#events.send(unix)) return false;
    this.#shared = unix;
    this.#unwritten = null;
    return true;
  }

  /** The page has the focus again: what was copied meanwhile goes out, what arrived meanwhile comes in. */
  async focused(): Promise<void> {
    if (this.#unwritten !== null) {
      await this.#write(this.#unwritten);
      return;
    }
    const text = await this.#local.read();
    if (text !== null) this.offer(text);
  }

  /** The remote PC's clipboard changed. */
  async received(text: string): Promise<void> {
    this.#shared = text;
    await this.#write(text);
  }

  /** Another connection: the other side's clipboard is not known. */
  reset(): void {
    this.#shared = null;
    this.#unwritten = null;
  }

  async #write(text: string): Promise<void> {
    const written = await this.#local.write(text);
    if (text !== this.#shared) return;
    this.#unwritten = written ? null : text;
    this.#events.received(text, written);
  }
}

/** `navigator.clipboard`; reads only where the user has already allowed it, so that no question pops up. */
export class NavigatorClipboard implements LocalClipboard {
  async read(): Promise<string | null> {
    try {
      const name = "clipboard-read" as PermissionName;
      const permission = await navigator.permissions.query({ name });
      return permission.state === "granted" ? await navigator.clipboard.readText() : null;
    } catch {
      return null;
    }
  }

  async write(text: string): Promise<boolean> {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }
}
