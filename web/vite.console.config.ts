import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Builds the console; the server serves its index.html at / and /console/* and the rest below /assets/console/. */
export default defineConfig({
  root: "console",
  base: "/assets/console/",
  plugins: [react(), lingui({ failOnMissing: true, failOnCompileError: true })],
  build: {
    outDir: "../dist/console",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
});
