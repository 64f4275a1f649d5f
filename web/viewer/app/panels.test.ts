// @vitest-environment jsdom
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import type { ToHost } from "../../protocol/generated/messages";
import { chord, KeysPanel } from "./panels";

const page = readFileSync("viewer/index.html", "utf8");

function keys(messages: readonly ToHost[]): string[] {
  return messages.map((message) =>
    message.t === "key" ? `${message.code}/${message.key} ${message.down}` : message.t,
  );
}

const CTRL_ALT_DEL = [
  "ControlLeft/Control true",
  "AltLeft/Alt true",
  "Delete/Delete true",
  "Delete/Delete false",
  "AltLeft/Alt false",
  "ControlLeft/Control false",
];

it("a chord presses its keys in order and releases them backwards", () => {
  expect(keys(chord("ControlLeft+AltLeft+Delete"))).toEqual(CTRL_ALT_DEL);
});

describe("the buttons that send keys", () => {
  let sent: ToHost[];
  let done: number;

  beforeEach(() => {
    document.documentElement.innerHTML = page;
    sent = [];
    done = 0;
    new KeysPanel({
      send: (message) => sent.push(message),
      offerClipboard: () => false,
      done: () => {
        done += 1;
      },
    });
  });

  it("send Ctrl+Alt+Del from the toolbar and give the keyboard back to the remote PC", () => {
    const button = document.querySelector<HTMLButtonElement>('.tools [data-label="toolbar.attention"]');
    button?.dispatchEvent(new MouseEvent("click", { detail: 1 }));
    expect(keys(sent)).toEqual(CTRL_ALT_DEL);
    expect(done).toBe(1);
  });

  it("leave the focus in the toolbar to who pressed the button with the keyboard", () => {
    document.querySelector<HTMLButtonElement>('.tools [data-label="toolbar.attention"]')?.click();
    expect(keys(sent)).toEqual(CTRL_ALT_DEL);
    expect(done).toBe(0);
  });

  it("close the panel they are in", () => {
    let hidden = 0;
    const panel = document.getElementById("keys-panel") as HTMLElement;
    panel.hidePopover = () => {
      hidden += 1;
    };
    panel.querySelector<HTMLButtonElement>('[data-keys="AltLeft+Tab"]')?.click();
    expect(sent).toHaveLength(4);
    expect(hidden).toBe(1);
  });
});
