/** Colours, shapes and defaults of the console. Contrast of text is AA in both colour schemes. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const accent: MantineColorsTuple = [
  "#eaf3fd",
  "#d3e4f8",
  "#a5c7f0",
  "#75a9e8",
  "#5fa0ec",
  "#2f7ddb",
  "#1c6dd0",
  "#175fb8",
  "#1354a5",
  "#0d478f",
];

const night: MantineColorsTuple = [
  "#d5dbe4",
  "#b3bcc9",
  "#94a0b0",
  "#66717f",
  "#3b4655",
  "#2d3643",
  "#1d2530",
  "#141b24",
  "#0f151c",
  "#0a0f15",
];

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: 6,
  colors: { accent, dark: night },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "SF Mono", "DejaVu Sans Mono", monospace',
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  headings: {
    fontWeight: "650",
    sizes: { h1: { fontSize: "1.75rem", lineHeight: "1.25" }, h2: { fontSize: "1.2rem", lineHeight: "1.35" } },
  },
  components: {
    Paper: { defaultProps: { radius: "lg" } },
    Modal: { defaultProps: { radius: "lg", centered: true } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#54606f",
    "--mantine-color-placeholder": "#6b7684",
    "--mantine-color-body": "#ffffff",
    "--mantine-color-error": "#c0262d",
    "--zuruf-page": "#f5f7fa",
    "--zuruf-line": "#e1e6ed",
    "--zuruf-quiet": "#f0f4f9",
    "--zuruf-busy": "#175fb8",
    "--zuruf-good": "#18794e",
    "--zuruf-bad": "#c0262d",
    "--zuruf-warm": "#8a5a00",
  },
  dark: {
    "--mantine-color-dimmed": "#a3aebc",
    "--mantine-color-placeholder": "#8995a4",
    "--mantine-color-body": "#18202a",
    "--mantine-color-error": "#ff8a8a",
    "--zuruf-page": "#0f151c",
    "--zuruf-line": "#2d3643",
    "--zuruf-quiet": "#1f2935",
    "--zuruf-busy": "#75a9e8",
    "--zuruf-good": "#5fd39b",
    "--zuruf-bad": "#ff8a8a",
    "--zuruf-warm": "#f2c063",
  },
});
