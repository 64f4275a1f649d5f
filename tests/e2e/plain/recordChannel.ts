/**
 * A channel that encrypts nothing: records are the messages themselves. For the test that must first find its canary
 * before it may conclude anything from not finding it; `vite build -c vite.viewer.config.ts --mode plain-channel`.
 */
import type { ChannelFactory } from "../../../web/protocol/channel";

export const secureChannel: ChannelFactory = async () => ({
  seal: async (plaintext) => plaintext,
  open: async (record) => new Uint8Array(record),
});
