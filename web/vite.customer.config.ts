import { defineConfig } from "vite";

/** Builds the page behind the installation link; the server serves its index.html at /join/{number}. */
export default defineConfig({
  root: "customer",
  base: "/assets/customer/",
  build: {
    outDir: "../dist/customer",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
