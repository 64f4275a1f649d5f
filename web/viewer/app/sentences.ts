/** What happened and what to do, for every code that can end or prevent a connection. `docs/errors.md` has all codes. */
import { type Code, codes } from "../../protocol/generated/messages";
import type { Language } from "./dictionary";

type Sentence = Readonly<Record<Language, string>>;

/** A code that is not here is nothing a viewer should meet; it gets the sentence of `INTERNAL` and its own code. */
export const sentences: Partial<Record<Code, Sentence>> = {
  [codes.NOT_SIGNED_IN]: { en: "You are not signed in.", de: "Sie sind nicht angemeldet." },
  [codes.TOO_MANY_ATTEMPTS]: {
    en: "Too many connections at once or one after another.",
    de: "Zu viele Verbindungen gleichzeitig oder nacheinander.",
  },
  [codes.FORBIDDEN]: {
    en: "Only the technician who prepared this session may connect.",
    de: "Nur der Techniker, der diese Sitzung vorbereitet hat, darf sich verbinden.",
  },
  [codes.WRONG_ORIGIN]: {
    en: "This page was opened under another address than the server knows. Use the console's own address.",
    de: "Diese Seite wurde unter einer anderen Adresse geöffnet, als der Server kennt. Nutzen Sie die Adresse der Konsole.",
  },
  [codes.SESSION_NOT_FOUND]: {
    en: "There is no such session. Open it from the console.",
    de: "Diese Sitzung gibt es nicht. Öffnen Sie sie aus der Konsole.",
  },
  [codes.SESSION_ENDED]: { en: "The session has ended.", de: "Die Sitzung ist beendet." },
  [codes.WRONG_STATE]: {
    en: "The session is not active yet: the customer has to enter the security code first.",
    de: "Die Sitzung ist noch nicht aktiv: Der Kunde muss zuerst den Sicherheitscode eingeben.",
  },
  [codes.APP_TOO_OLD]: {
    en: "The Support Session app and this page speak different versions. Reload the page; if that does not help, the app is too old.",
    de: "Die Support-Session-App und diese Seite sprechen verschiedene Versionen. Laden Sie die Seite neu; hilft das nicht, ist die App zu alt.",
  },
  [codes.HANDSHAKE_BROKEN]: {
    en: "The exchange of keys was disturbed. Try again; if it stays, something between you and the PC alters messages.",
    de: "Der Schlüsselaustausch wurde gestört. Versuchen Sie es noch einmal; bleibt es dabei, verändert etwas zwischen Ihnen und dem PC die Nachrichten.",
  },
  [codes.TICKET_INVALID]: {
    en: "The admission to the connection has lapsed.",
    de: "Die Zulassung zur Verbindung ist abgelaufen.",
  },
  [codes.TOOL_NOT_IN_PLAN]: {
    en: "This session's plan does not include remote control. Ask your administrator.",
    de: "Das Abo dieser Sitzung enthält keine Fernsteuerung. Fragen Sie Ihren Administrator.",
  },
  [codes.HOST_OFFLINE]: {
    en: "The customer's PC is not connected at the moment.",
    de: "Der PC des Kunden ist gerade nicht verbunden.",
  },
  [codes.WRONG_PASSWORD]: {
    en: "The session password is wrong. Please type it again.",
    de: "Das Passwort der Sitzung ist falsch. Bitte geben Sie es noch einmal ein.",
  },
  [codes.PASSWORD_PAUSE]: {
    en: "Too many wrong passwords: the customer's PC accepts none for a few minutes.",
    de: "Zu viele falsche Passwörter: Der PC des Kunden nimmt einige Minuten lang keines an.",
  },
  [codes.PASSWORD_CLOSED]: {
    en: "Too many wrong passwords: connections are closed until the customer allows them again in the app.",
    de: "Zu viele falsche Passwörter: Verbindungen sind gesperrt, bis der Kunde sie in der App wieder erlaubt.",
  },
  [codes.CUSTOMER_REFUSED]: {
    en: "The customer refused the connection. Talk to the customer, then try again.",
    de: "Der Kunde hat die Verbindung abgelehnt. Sprechen Sie mit dem Kunden und versuchen Sie es dann erneut.",
  },
  [codes.PEER_LEFT]: {
    en: "The connection to the customer's PC was interrupted.",
    de: "Die Verbindung zum PC des Kunden wurde unterbrochen.",
  },
  [codes.MESSAGE_TOO_LARGE]: {
    en: "A message was larger than allowed. The connection was closed for safety.",
    de: "Eine Nachricht war größer als erlaubt. Die Verbindung wurde zur Sicherheit geschlossen.",
  },
  [codes.TOOL_NOT_AVAILABLE]: {
    en: "Remote control is not available on this PC.",
    de: "Fernsteuerung gibt es auf diesem PC nicht.",
  },
  [codes.NO_CONNECTION]: {
    en: "The server cannot be reached. Check your network.",
    de: "Der Server ist nicht erreichbar. Prüfen Sie Ihre Netzwerkverbindung.",
  },
  [codes.NO_SCREEN]: {
    en: "The PC's screen cannot be read at the moment.",
    de: "Der Bildschirm des PCs kann gerade nicht gelesen werden.",
  },
  [codes.MALFORMED_MESSAGE]: {
    en: "The other end sent something that is not allowed. The connection was closed for safety.",
    de: "Die Gegenseite hat etwas Unzulässiges gesendet. Die Verbindung wurde zur Sicherheit geschlossen.",
  },
  [codes.INTERNAL]: {
    en: "Something went wrong. Nothing was lost; please try again.",
    de: "Etwas ist schiefgegangen. Nichts ist verloren; bitte versuchen Sie es noch einmal.",
  },
};

/** The sentence of a code in a language. */
export function sentenceFor(code: string, language: Language): string {
  const known = sentences[code as Code] ?? (sentences[codes.INTERNAL] as Sentence);
  return known[language];
}
