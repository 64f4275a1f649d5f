import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Builds the viewer; the server serves its index.html at /connect/{session_id} and the rest below /assets/viewer/.
 * The mode `plain-channel` is for one test only, which has to see what it searches for: it goes to a folder that is never shipped
 * and puts a channel without encryption in the place of the real one.
 */
export default defineConfig(({ mode }) => {
  const plain = mode === "plain-channel";
  return {
    root: file("./viewer"),
    base: "/assets/viewer/",
    resolve: {
      alias: {
        "@zuruf/record-channel": file(plain ? "../tests/e2e/plain/recordChannel.ts" : "./protocol/channel.ts"),
      },
    },
    build: {
      outDir: file(plain ? "../test-artifacts/plain-channel/viewer" : "./dist/viewer"),
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: "es2023",
    },
  };
});
