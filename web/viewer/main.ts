/** Composition root of the viewer: read this first. Chooses the real socket, server and channel. */
import { secureChannel } from "@zuruf/record-channel";
import { chooseLanguage, isLanguage } from "./app/dictionary";
import { Texts } from "./app/texts";
import { ViewerApp } from "./app/viewerApp";
import { Api } from "./core/connection/api";

const SESSION_ID = /^\/connect\/([0-9a-fA-F-]{36})\/?$/;

const { language, chosen } = chooseLanguage(location.search, navigator.languages);
const texts = new Texts(language);
for (const item of document.querySelectorAll<HTMLElement>("[data-language]")) {
  item.addEventListener("click", () => isLanguage(item.dataset.language) && texts.choose(item.dataset.language));
}

// An address without a session's id is answered by the server like that of an unknown session.
const sessionId = SESSION_ID.exec(location.pathname)?.[1] ?? "00000000-0000-0000-0000-000000000000";
const surroundings = { api: new Api(), dial: (url: string) => new WebSocket(url), channel: secureChannel };
void new ViewerApp(sessionId, surroundings, texts, chosen).start();
