import { expect, test } from "vitest";
import vectors from "../../tests/contract/vectors/records.json";
import { ChannelError, type RecordChannel, secureChannel } from "./channel";
import { limits } from "./generated/messages";
import type { Bytes } from "./rules";
import { hex, toHex } from "./testing";

const ONE = hex("01".repeat(32));
const OTHER = hex("02".repeat(32));

function pair(): Promise<[RecordChannel, RecordChannel]> {
  return Promise.all([secureChannel(ONE, OTHER), secureChannel(OTHER, ONE)]);
}

function bytes(text: string): Bytes {
  return new TextEncoder().encode(text);
}

test("golden records open in order", async () => {
  const channel = await secureChannel(ONE, hex(vectors.key));
  for (const { plaintext, record } of vectors.records) expect(toHex(await channel.open(hex(record)))).toBe(plaintext);
});

test("golden records are sealed", async () => {
  const channel = await secureChannel(hex(vectors.key), ONE);
  for (const { plaintext, record } of vectors.records) expect(toHex(await channel.seal(hex(plaintext)))).toBe(record);
});

test("messages arrive both ways, also from an ArrayBuffer", async () => {
  const [browser, host] = await pair();
  expect(await host.open(await browser.seal(bytes("up")))).toEqual(bytes("up"));
  expect(await browser.open((await host.seal(bytes("down"))).buffer)).toEqual(bytes("down"));
});

test("many at once come out in the order they went in, large ones before small ones", async () => {
  const [browser, host] = await pair();
  const sizes = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 500_000 : i));
  const arrived: number[] = [];
  const sealed: Promise<Bytes>[] = [];
  for (const size of sizes) sealed.push(browser.seal(new Uint8Array(size)));
  const records = await Promise.all(sealed);
  await Promise.all(records.map(async (record) => arrived.push((await host.open(record)).length)));
  expect(arrived).toEqual(sizes);
});

test("any bit flipped does not open", async () => {
  const [browser] = await pair();
  const record = await browser.seal(bytes("ab"));
  for (let bit = 0; bit < record.length * 8; bit++) {
    const altered = Uint8Array.from(record);
    altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7));
    const [, host] = await pair();
    await expect(host.open(altered)).rejects.toThrow(ChannelError);
  }
});

test("a repeated record does not open", async () => {
  const [browser, host] = await pair();
  const record = await browser.seal(bytes("one"));
  await host.open(record);
  await expect(host.open(record)).rejects.toThrow(ChannelError);
});

test("a record after a missing one does not open", async () => {
  const [browser, host] = await pair();
  await browser.seal(bytes("lost"));
  await expect(host.open(await browser.seal(bytes("two")))).rejects.toThrow(ChannelError);
});

test("an end's own record thrown back does not open", async () => {
  const [browser] = await pair();
  await expect(browser.open(await browser.seal(bytes("one")))).rejects.toThrow(ChannelError);
});

test("nothing opens after a record that did not, good or not", async () => {
  const [browser, host] = await pair();
  const [first, second] = [await browser.seal(bytes("one")), await browser.seal(bytes("two"))];
  const altered = Uint8Array.from(first);
  altered[0] = (altered[0] as number) ^ 1;
  const results = await Promise.allSettled([host.open(altered), host.open(second), host.open(first)]);
  expect(results.map((result) => result.status)).toEqual(["rejected", "rejected", "rejected"]);
});

test.each([0, 15, limits.RELAY_MESSAGE_MAX + 1])("a record of %i bytes does not open", async (length) => {
  const [browser] = await pair();
  await expect(browser.open(new Uint8Array(length))).rejects.toThrow(/record of/);
});

test("the largest message fills the relay's limit, a larger one is not sealed", async () => {
  const [browser] = await pair();
  expect((await browser.seal(new Uint8Array(limits.RECORD_PLAINTEXT_MAX))).length).toBe(limits.RELAY_MESSAGE_MAX);
  await expect(browser.seal(new Uint8Array(limits.RECORD_PLAINTEXT_MAX + 1))).rejects.toThrow(/limit/);
});
