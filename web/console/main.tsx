/** Composition root of the console: read this first, then `app.tsx` for what is where. */
import "@mantine/core/styles.css";
import "./console.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { activateLocale, preferredLocale } from "./i18n";

activateLocale(preferredLocale(localStorage, navigator.languages));

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
