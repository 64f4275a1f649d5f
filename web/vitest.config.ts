import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Tests run in Node; a file that needs a document says `// @vitest-environment jsdom` in its first line. */
export default defineConfig({
  plugins: [react(), lingui({ failOnMissing: true, failOnCompileError: true })],
  test: { include: ["{protocol,viewer,console,customer}/**/*.test.{ts,tsx}"] },
});
