import { describe, expect, it } from "vitest";
import { ClipboardBridge, type LocalClipboard } from "./clipboard";

/** A browser's clipboard that can be locked. */
class MemoryClipboard implements LocalClipboard {
  text: string | null = null;
  writable = true;

  async read(): Promise<string | null> {
    return this.text;
  }

  async write(text: string): Promise<boolean> {
    if (this.writable) this.text = text;
    return this.writable;
  }
}

function bridge(allowed = true) {
  const local = new MemoryClipboard();
  const sent: string[] = [];
  const received: [string, boolean][] = [];
  const between = new ClipboardBridge(local, {
    send: (text) => {
      if (allowed) sent.push(text);
      return allowed;
    },
    received: (text, written) => received.push([text, written]),
  });
  return { local, sent, received, between };
}

describe("ClipboardBridge", () => {
  it("sends text once, with the line ends of the protocol", () => {
    const { between, sent } = bridge();
    expect(between.offer("a\r\nb")).toBe(true);
    expect(between.offer("a\nb")).toBe(true);
    expect(sent).toEqual(["a\nb"]);
  });

  it("writes what the remote PC copied, and does not send it back", async () => {
    const { between, local, sent, received } = bridge();
    await between.received("hello");
    expect(local.text).toBe("hello");
    expect(received).toEqual([["hello", true]]);
    await between.focused();
    expect(sent).toEqual([]);
  });

  it("sends on focus what was copied elsewhere meanwhile", async () => {
    const { between, local, sent } = bridge();
    local.text = "from another program";
    await between.focused();
    expect(sent).toEqual(["from another program"]);
  });

  it("writes on focus what the browser refused before, instead of overwriting it", async () => {
    const { between, local, sent, received } = bridge();
    local.text = "old";
    local.writable = false;
    await between.received("new");
    local.writable = true;
    await between.focused();
    expect(local.text).toBe("new");
    expect(sent).toEqual([]);
    expect(received).toEqual([
      ["new", false],
      ["new", true],
    ]);
  });

  it("says when the text did not go out, and tries again the next time", () => {
    const { between } = bridge(false);
    expect(between.offer("secret")).toBe(false);
    expect(between.offer("secret")).toBe(false);
  });

  it("sends the same text again to another connection", () => {
    const { between, sent } = bridge();
    between.offer("a");
    between.reset();
    between.offer("a");
    expect(sent).toEqual(["a", "a"]);
  });

  it("does not empty the remote clipboard", () => {
    const { between, sent } = bridge();
    expect(between.offer("")).toBe(false);
    expect(sent).toEqual([]);
  });
});
