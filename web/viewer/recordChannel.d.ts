/**
 * The channel every record goes through. An alias, so that one build for tests can put another in its place;
 * `vite.viewer.config.ts` says which.
 */
declare module "@zuruf/record-channel" {
  import type { ChannelFactory } from "../protocol/channel";

  export const secureChannel: ChannelFactory;
}
