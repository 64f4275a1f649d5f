/** Every sentence of the customer's page, in both languages; the compiler sees to it that none is missing. */

export type Language = "de" | "en";

/** Title and text. */
export type Step = readonly [string, string];

const de = {
  title: "Fernhilfe",
  language: "Sprache",
  headline: (technician: string) => `${technician} möchte Ihnen helfen`,
  from: (company: string) => `von ${company}`,
  lead: "Mit Ihrer Zustimmung sieht und bedient die Person vorübergehend Ihren Bildschirm. Sie können alles mitverfolgen und jederzeit beenden.",
  askedTitle: "Haben Sie um diese Hilfe gebeten?",
  asked:
    "Fahren Sie nur fort, wenn Sie die Person kennen oder selbst dort angerufen haben. Hat Sie jemand unerwartet angerufen, etwa im Namen von Microsoft, Ihrer Bank oder der Polizei? Dann legen Sie auf und schließen Sie diese Seite.",
  stepsTitle: "So geht es weiter",
  steps: [
    ["App herunterladen", "Laden Sie die Support-Session-App herunter und öffnen Sie die Datei."],
    [
      "Rückfrage bestätigen",
      "Windows fragt, ob die App Änderungen vornehmen darf. Prüfen Sie den Herausgeber und klicken Sie auf „Ja“.",
    ],
    [
      "Sicherheitscode eingeben",
      "Die Person am Telefon liest Ihnen neun Ziffern vor. Erst damit wird die Sitzung aktiv.",
    ],
    [
      "Hilfe erhalten",
      "Nach spätestens 24 Stunden, oder sobald einer von Ihnen beendet, entfernt sich die App vollständig von Ihrem PC.",
    ],
  ] as readonly Step[],
  linuxSteps: [
    ["App starten", "Öffnen Sie ein Terminal und geben Sie den Befehl von dieser Seite ein."],
    [
      "Sitzungsnummer vergleichen",
      "Die App zeigt die Sitzungsnummer. Sie muss mit der auf dieser Seite übereinstimmen.",
    ],
  ] as readonly Step[],
  number: "Sitzungsnummer",
  numberHint: "Die App fragt danach, falls sie die Nummer nicht schon kennt.",
  copy: "Kopieren",
  copied: "Kopiert",
  download: "App herunterladen",
  size: (megabytes: string, version: string) => `für Windows 10 und 11 · ${megabytes} MB · Version ${version}`,
  publisher: "Herausgeber",
  notSigned: "nicht signiert – Testversion",
  notSignedWarning:
    "Diese App ist eine Testversion ohne Signatur. Laden Sie sie nur herunter, wenn die Person, die Ihnen hilft, Ihnen das angekündigt hat.",
  fileName: "Dateiname",
  checksum: "SHA-256-Prüfsumme",
  details: "Angaben zur Datei",
  windowsTitle: "Das fragt Windows danach",
  openFile: (name: string): Step => ["Datei öffnen", `Klicken Sie im Browser oder im Ordner „Downloads“ auf ${name}.`],
  smartScreenSigned: (publisher: string): Step => [
    "Falls Windows die App noch nicht kennt",
    `Bei „Der Computer wurde durch Windows geschützt“ klicken Sie auf „Weitere Informationen“. Steht dort der Herausgeber „${publisher}“, klicken Sie auf „Trotzdem ausführen“, sonst auf „Nicht ausführen“.`,
  ],
  consentSigned: (publisher: string): Step => [
    "Änderungen zulassen",
    `Windows fragt, ob die App Änderungen vornehmen darf. Steht dort „Verifizierter Herausgeber: ${publisher}“, klicken Sie auf „Ja“, sonst auf „Nein“.`,
  ],
  smartScreenUnsigned: [
    "Warnung von Windows",
    "Bei „Der Computer wurde durch Windows geschützt“ klicken Sie auf „Weitere Informationen“. Als Herausgeber steht dort „Unbekannter Herausgeber“. Nur wenn Ihnen das angekündigt wurde, klicken Sie auf „Trotzdem ausführen“.",
  ] as Step,
  consentUnsigned: [
    "Änderungen zulassen",
    "Windows fragt, ob die App Änderungen vornehmen darf, und nennt den Herausgeber „Unbekannt“. Nur wenn Ihnen das angekündigt wurde, klicken Sie auf „Ja“.",
  ] as Step,
  noDownload:
    "Dieser Server bietet noch keine App zum Herunterladen an. Bitte sagen Sie das der Person, die Ihnen hilft.",
  linux: "Unter Linux starten Sie die App mit diesem Befehl:",
  linuxTitle: "Sie verwenden Linux?",
  otherDevice:
    "Die App läuft auf dem PC, der Hilfe braucht. Öffnen Sie diesen Link dort – zum Beispiel aus derselben E-Mail. Auf Smartphones, Tablets und Macs läuft sie nicht.",
  otherDeviceTitle: "Bitte am PC öffnen",
  thisLink: "Link zu dieser Seite",
  validUntil: (when: string) => `Dieser Link gilt bis ${when}.`,
  endedTitle: "Dieser Link gilt nicht mehr",
  ended:
    "Die Sitzung ist beendet oder der Link ist abgelaufen. Sie müssen nichts weiter tun. Wenn Sie noch Hilfe brauchen, bitten Sie um eine neue Einladung.",
  endedRemove: "War die App auf Ihrem PC, entfernt sie sich selbst.",
  unknownTitle: "Diese Sitzung gibt es nicht",
  unknown:
    "Bitte öffnen Sie den Link noch einmal aus der E-Mail oder vergleichen Sie die Sitzungsnummer mit der Person, die Ihnen hilft.",
  busyTitle: "Einen Moment bitte",
  busy: "Es gab gerade zu viele Anfragen. Bitte warten Sie eine Minute und laden Sie die Seite dann neu.",
  offlineTitle: "Der Server antwortet nicht",
  offline: "Bitte prüfen Sie Ihre Internetverbindung und laden Sie die Seite neu.",
  reload: "Neu laden",
  footer: "Diese Seite hat nichts auf Ihrem Gerät installiert.",
};

type Texts = typeof de;

const en: Texts = {
  title: "Remote help",
  language: "Language",
  headline: (technician) => `${technician} would like to help you`,
  from: (company) => `of ${company}`,
  lead: "With your consent this person sees and operates your screen for a while. You can follow everything and end it at any time.",
  askedTitle: "Did you ask for this help?",
  asked:
    "Go on only if you know this person or called them yourself. Did somebody call you unexpectedly, for example on behalf of Microsoft, your bank or the police? Then hang up and close this page.",
  stepsTitle: "What will happen",
  steps: [
    ["Download the app", "Download the Support Session app and open the file."],
    ["Confirm the question", "Windows asks whether the app may make changes. Check the publisher and click “Yes”."],
    [
      "Enter the security code",
      "The person on the phone reads out nine digits. Only with them the session becomes active.",
    ],
    [
      "Get help",
      "After 24 hours at the latest, or as soon as either of you ends it, the app removes itself from your PC completely.",
    ],
  ],
  linuxSteps: [
    ["Start the app", "Open a terminal and enter the command from this page."],
    ["Compare the session number", "The app shows the session number. It must be the one on this page."],
  ],
  number: "Session number",
  numberHint: "The app asks for it if it does not know it already.",
  copy: "Copy",
  copied: "Copied",
  download: "Download the app",
  size: (megabytes, version) => `for Windows 10 and 11 · ${megabytes} MB · version ${version}`,
  publisher: "Publisher",
  notSigned: "not signed – test build",
  notSignedWarning:
    "This app is a test build without a signature. Download it only if the person who is helping you told you to expect that.",
  fileName: "File name",
  checksum: "SHA-256 checksum",
  details: "About the file",
  windowsTitle: "What Windows will ask",
  openFile: (name) => ["Open the file", `In the browser or in your “Downloads” folder, click ${name}.`],
  smartScreenSigned: (publisher) => [
    "If Windows does not know the app yet",
    `At “Windows protected your PC”, click “More info”. If the publisher there is “${publisher}”, click “Run anyway”, otherwise “Don’t run”.`,
  ],
  consentSigned: (publisher) => [
    "Allow the changes",
    `Windows asks whether the app may make changes. If it says “Verified publisher: ${publisher}”, click “Yes”, otherwise “No”.`,
  ],
  smartScreenUnsigned: [
    "A warning from Windows",
    "At “Windows protected your PC”, click “More info”. The publisher there is “Unknown publisher”. Only if you were told to expect that, click “Run anyway”.",
  ],
  consentUnsigned: [
    "Allow the changes",
    "Windows asks whether the app may make changes and names the publisher “Unknown”. Only if you were told to expect that, click “Yes”.",
  ],
  noDownload: "This server does not offer an app to download yet. Please tell the person who is helping you.",
  linux: "On Linux, start the app with this command:",
  linuxTitle: "Are you using Linux?",
  otherDevice:
    "The app runs on the PC that needs help. Open this link there – for example from the same e-mail. It does not run on phones, tablets and Macs.",
  otherDeviceTitle: "Please open this on the PC",
  thisLink: "Link to this page",
  validUntil: (when) => `This link is valid until ${when}.`,
  endedTitle: "This link is no longer valid",
  ended:
    "The session has ended or the link has expired. There is nothing you need to do. If you still need help, ask for a new invitation.",
  endedRemove: "If the app was on your PC, it removes itself.",
  unknownTitle: "There is no such session",
  unknown:
    "Please open the link from the e-mail again, or compare the session number with the person who is helping you.",
  busyTitle: "One moment, please",
  busy: "There were too many requests just now. Please wait a minute, then reload the page.",
  offlineTitle: "The server does not answer",
  offline: "Please check your internet connection and reload the page.",
  reload: "Reload",
  footer: "This page has not installed anything on your device.",
};

export const texts: Record<Language, Texts> = { de, en };

/** The language asked for in the address, else the session's, else the browser's. */
export function chooseLanguage(asked: string | null, session: string | null, browser: readonly string[]): Language {
  const isLanguage = (value: string | null | undefined): value is Language => value === "de" || value === "en";
  if (isLanguage(asked)) return asked;
  if (isLanguage(session)) return session;
  return browser.map((language) => language.slice(0, 2).toLowerCase()).find(isLanguage) ?? "en";
}
