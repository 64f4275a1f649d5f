import { defineConfig } from "@lingui/conf";
import { formatter } from "@lingui/format-po";

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "de"],
  catalogs: [{ path: "<rootDir>/console/locales/{locale}", include: ["<rootDir>/console"] }],
  format: formatter({ lineNumbers: false, explicitIdAsDefault: true }),
});
