/** The two panels of the toolbar: clipboard text by hand, and keys that the browser keeps for itself. */
import type { ToHost } from "../../protocol/generated/messages";
import { textMessages } from "../core/input/text";
import type { TextKey } from "./dictionary";
import { block, button, element } from "./dom";
import type { Texts } from "./texts";

export interface PanelActions {
  send(message: ToHost): void;
  /** Whether the remote clipboard has it now. */
  offerClipboard(text: string): boolean;
  /** The panel closed: the keyboard belongs to the remote PC again. */
  done(): void;
}

export class ClipboardPanel {
  readonly #texts: Texts;
  readonly #actions: PanelActions;
  readonly #received = element("clipboard-received", HTMLTextAreaElement);
  readonly #outgoing = element("clipboard-outgoing", HTMLTextAreaElement);
  readonly #open = button("clipboard-open");
  #result: TextKey | null = null;

  constructor(texts: Texts, actions: PanelActions) {
    this.#texts = texts;
    this.#actions = actions;
    button("clipboard-copy").addEventListener("click", () => void this.#copy());
    button("clipboard-send").addEventListener("click", () => this.#send());
    button("clipboard-type").addEventListener("click", () => this.#type());
    const panel = block("clipboard-panel");
    panel.addEventListener("toggle", (event) => {
      if ((event as ToggleEvent).newState === "open") this.#opened();
      else actions.done();
    });
    this.render();
  }

  /** Text from the remote PC; `written`: the browser's clipboard has it already. */
  received(text: string, written: boolean): void {
    this.#received.value = text;
    button("clipboard-copy").disabled = text === "";
    this.#mark(!written);
  }

  setAllowed(allowed: boolean): void {
    block("clipboard-blocked").hidden = allowed;
    button("clipboard-send").disabled = !allowed;
  }

  /** Forgets what the session's computer copied. */
  reset(): void {
    this.#received.value = "";
    this.#outgoing.value = "";
    button("clipboard-copy").disabled = true;
    this.#mark(false);
    this.#say(null);
  }

  render(): void {
    this.#received.placeholder = this.#texts.text("clipboard.nothing");
    this.#say(this.#result);
  }

  #opened(): void {
    this.#mark(false);
    this.#say(null);
    this.#outgoing.focus();
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.#received.value);
    } catch {
      // Without the permission the old way still works inside a click.
      this.#received.select();
      document.execCommand("copy");
    }
    this.#say("clipboard.copied");
  }

  #send(): void {
    const sent = this.#outgoing.value !== "" && this.#actions.offerClipboard(this.#outgoing.value);
    this.#say(sent ? "clipboard.sent" : "clipboard.refused");
  }

  #type(): void {
    for (const message of textMessages(this.#outgoing.value)) this.#actions.send(message);
    this.#say("clipboard.typed");
  }

  #mark(fresh: boolean): void {
    this.#open.dataset.new = String(fresh);
    this.#texts.label(this.#open, fresh ? "toolbar.clipboard_new" : "toolbar.clipboard");
  }

  #say(result: TextKey | null): void {
    this.#result = result;
    block("clipboard-result").textContent = result === null ? "" : this.#texts.text(result);
  }
}

/** Buttons that press several keys at once, in order, and release them backwards: in the panel and in the toolbar. */
export class KeysPanel {
  constructor(actions: PanelActions) {
    const panel = block("keys-panel");
    for (const item of document.querySelectorAll<HTMLButtonElement>("[data-keys]")) {
      item.addEventListener("click", (event) => {
        for (const message of chord(item.dataset.keys ?? "")) actions.send(message);
        if (panel.contains(item)) panel.hidePopover();
        // Who came with the keyboard stays in the toolbar; who clicked wants the remote PC again.
        else if (event.detail > 0) actions.done();
      });
    }
    panel.addEventListener("toggle", (event) => {
      if ((event as ToggleEvent).newState === "closed") actions.done();
    });
  }
}

/** The messages of a chord such as `ControlLeft+AltLeft+Delete`. */
export function chord(codes: string): ToHost[] {
  const keys = codes
    .split("+")
    .map((code) => ({ code, key: code.replace(/^(Control|Alt|Shift|Meta)(Left|Right)$/, "$1") }));
  const press = keys.map(({ code, key }): ToHost => ({ t: "key", code, key, down: true }));
  const release = keys.reverse().map(({ code, key }): ToHost => ({ t: "key", code, key, down: false }));
  return [...press, ...release];
}
