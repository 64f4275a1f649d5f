/** The picture and everything that acts on it, across connections. Not for making connections: `viewerApp.ts`. */
import type { Rights, ToHost } from "../../protocol/generated/messages";
import type { OpenConnection } from "../core/connection/connect";
import type { Failure } from "../core/connection/failure";
import { ClipboardBridge, NavigatorClipboard } from "../core/input/clipboard";
import { KeyboardMachine } from "../core/input/keyboard";
import { KeyboardSource, platformOf } from "../core/input/keyboardSource";
import { PointerSource } from "../core/input/pointerSource";
import { RemoteCursor } from "../core/picture/cursor";
import type { Point } from "../core/picture/scaling";
import { Screen } from "../core/picture/screen";
import { Viewport } from "../core/picture/viewport";
import { RemoteControl } from "../core/remoteControl";
import { block, element } from "./dom";
import { ClipboardPanel, KeysPanel } from "./panels";
import type { Texts } from "./texts";
import { Toolbar } from "./toolbar";

const PULSE_MS = 2000;

export interface StageEvents {
  lost(failure: Failure): void;
  disconnect(): void;
}

export class Stage {
  readonly toolbar: Toolbar;
  readonly #texts: Texts;
  readonly #events: StageEvents;
  readonly #view = block("stage-view");
  readonly #hint = block("picture-hint");
  readonly #screen = new Screen(element("screen", HTMLCanvasElement));
  readonly #viewport = new Viewport(block("stage"), block("surface"), this.#screen.canvas);
  readonly #cursor = new RemoteCursor(block("surface"), element("cursor", HTMLCanvasElement));
  readonly #keyboard: KeyboardSource;
  readonly #clipboard: ClipboardBridge;
  readonly #clipboardPanel: ClipboardPanel;
  #remote: RemoteControl | null = null;
  #pulse = 0;
  #hasPicture = false;
  #rights: Rights | null = null;

  constructor(texts: Texts, events: StageEvents) {
    this.#texts = texts;
    this.#events = events;
    this.#keyboard = new KeyboardSource(
      element("keyboard", HTMLTextAreaElement),
      new KeyboardMachine(platformOf(navigator.platform)),
      {
        send: (message) => this.#send(message),
        paste: (text) => this.#clipboard.offer(text),
        controls: () => this.toolbar.focus(),
      },
      (target) => target instanceof Element && target.closest("[data-local-keys]") !== null,
    );
    this.#clipboard = new ClipboardBridge(new NavigatorClipboard(), {
      send: (text) => this.#remote?.clipboard(text) ?? false,
      received: (text, written) => this.#clipboardPanel.received(text, written),
    });
    const panels = {
      send: (message: ToHost) => this.#send(message),
      offerClipboard: (text: string) => this.#clipboard.offer(text),
      done: () => this.#keyboard.focus(),
    };
    this.#clipboardPanel = new ClipboardPanel(texts, panels);
    new KeysPanel(panels);
    this.toolbar = new Toolbar(texts, {
      mode: (mode) => this.#viewport.setMode(mode),
      refresh: () => this.#remote?.refresh(),
      disconnect: () => events.disconnect(),
      onScreenKeyboard: (shown) => {
        this.#keyboard.onScreen = shown;
      },
      done: () => this.#keyboard.focus(),
    });
    new PointerSource(block("surface"), {
      send: (message) => this.#send(message),
      toRemote: (point) => this.#viewport.toRemote(point),
      beforeAction: () => {
        this.#keyboard.focus();
        this.#keyboard.settle();
      },
      pointerAt: (point, touch) => this.#pointerAt(point, touch),
      zoom: (at, factor, moved) => {
        this.#viewport.zoomBy(at, factor, moved);
        this.toolbar.setMode("zoom");
      },
    });
    window.addEventListener("focus", () => this.#remote !== null && void this.#clipboard.focused());
    document.addEventListener("visibilitychange", () => this.#remote?.quality.resume(performance.now()));
    this.clear();
  }

  /** Shows this connection and gives it the keyboard. */
  attach(connection: OpenConnection): void {
    const remote = new RemoteControl(
      connection,
      {
        resized: (framebuffer) => {
          this.#screen.attach(framebuffer);
          this.#viewport.setScreen(framebuffer);
        },
        draw: (rectangles) => {
          this.#screen.draw(rectangles);
          if (!this.#hasPicture) this.#showPicture(remote);
        },
        cursor: (shape) => this.#cursor.show(shape),
        clipboard: (text) => void this.#clipboard.received(text),
        rights: (rights) => this.#setRights(rights),
        lost: (failure) => {
          if (this.#remote === remote) this.#lost(failure);
        },
      },
      () => performance.now(),
    );
    this.#remote = remote;
    this.#hasPicture = false;
    this.#setRights(null);
    this.#clipboard.reset();
    this.#keyboard.enable();
    this.#pulse = window.setInterval(() => this.#beat(remote), PULSE_MS);
    remote.start();
  }

  /** Ends the present connection, if there is one. */
  detach(failure: Failure): void {
    const remote = this.#remote;
    this.#leave();
    remote?.close(failure);
  }

  /** Nothing of the customer's screen or clipboard stays on the page. */
  clear(): void {
    const { canvas } = this.#screen;
    canvas.width = 1;
    canvas.height = 1;
    this.#view.dataset.empty = "true";
    this.#clipboardPanel.reset();
    this.#cursor.reset();
    for (const panel of document.querySelectorAll<HTMLElement>(".panel:popover-open")) panel.hidePopover();
  }

  /** Words that were put on the page without `data-text`. */
  render(): void {
    this.#clipboardPanel.render();
    this.#renderHint();
    this.toolbar.setQuality(this.#remote?.quality.report(performance.now()) ?? null);
  }

  #send(message: ToHost): void {
    this.#remote?.input(message);
  }

  #pointerAt(point: Point, touch: boolean): void {
    this.#cursor.setTouch(touch);
    this.#cursor.moveTo(this.#viewport.toSurface(point), this.#viewport.scale);
  }

  #showPicture(remote: RemoteControl): void {
    this.#hasPicture = true;
    // Not before: the answer would queue behind the first picture and make the line look slow.
    remote.ping();
    this.#view.dataset.empty = "false";
    this.#view.dataset.dimmed = "false";
    this.#renderHint();
  }

  #setRights(rights: Rights | null): void {
    this.#rights = rights;
    this.toolbar.setViewOnly(rights?.control === false);
    this.#clipboardPanel.setAllowed(rights?.clipboard !== false);
    this.#renderHint();
  }

  #renderHint(): void {
    let hint = "";
    if (this.#remote !== null && this.#rights?.view === false) hint = this.#texts.text("status.view_paused");
    else if (this.#remote !== null && !this.#hasPicture) hint = this.#texts.text("status.no_picture");
    this.#hint.textContent = hint;
    this.#hint.hidden = hint === "";
  }

  #beat(remote: RemoteControl): void {
    const nowMs = performance.now();
    // A hidden page's timers run late; what looks like silence there is none.
    if (!document.hidden && remote.quality.dead(nowMs)) {
      remote.abandon();
      return;
    }
    if (this.#hasPicture) remote.ping();
    this.toolbar.setQuality(remote.quality.report(nowMs));
  }

  #lost(failure: Failure): void {
    this.#leave();
    this.#events.lost(failure);
  }

  #leave(): void {
    this.#keyboard.disable();
    this.#remote = null;
    window.clearInterval(this.#pulse);
    this.#view.dataset.dimmed = "true";
    this.toolbar.setQuality(null);
    this.#renderHint();
  }
}
