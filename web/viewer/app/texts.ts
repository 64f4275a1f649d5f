/** The words in the present language, and putting them on the page. Host-supplied text never passes as markup. */
import { dictionary, fill, type Language, type Parameters, type TextKey } from "./dictionary";
import { sentenceFor } from "./sentences";

const SECONDS_UP_TO = 90;

export class Texts {
  #language: Language;
  readonly #listeners: (() => void)[] = [];

  constructor(language: Language) {
    this.#language = language;
  }

  get language(): Language {
    return this.#language;
  }

  /** Calls back when the language changes. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  choose(language: Language): void {
    if (language === this.#language) return;
    this.#language = language;
    for (const listener of this.#listeners) listener();
  }

  text(key: TextKey, parameters?: Parameters): string {
    return fill(dictionary[this.#language][key], parameters);
  }

  /** What happened and what to do, for a code. */
  sentence(code: string): string {
    return sentenceFor(code, this.#language);
  }

  /** A remaining time: seconds, or whole minutes when it is long. */
  duration(ms: number): string {
    const seconds = Math.max(1, Math.ceil(ms / 1000));
    if (seconds <= SECONDS_UP_TO) return this.text("time.seconds", { count: seconds });
    return this.text("time.minutes", { count: Math.ceil(seconds / 60) });
  }

  clock(time: Date): string {
    return new Intl.DateTimeFormat(this.#language, { weekday: "short", hour: "2-digit", minute: "2-digit" }).format(
      time,
    );
  }

  number(value: number): string {
    return new Intl.NumberFormat(this.#language, { maximumFractionDigits: 0 }).format(value);
  }

  /** Writes the words of every element that names its own (`data-text`, `data-label`). */
  apply(root: Document): void {
    root.documentElement.lang = this.#language;
    for (const item of root.querySelectorAll<HTMLElement>("[data-text]")) {
      item.textContent = this.text(item.dataset.text as TextKey);
    }
    for (const item of root.querySelectorAll<HTMLElement>("[data-label]")) {
      setLabel(item, this.text(item.dataset.label as TextKey));
    }
  }

  /** Gives an element another label than the page wrote. */
  label(item: HTMLElement, key: TextKey): void {
    item.dataset.label = key;
    setLabel(item, this.text(key));
  }
}

function setLabel(item: HTMLElement, label: string): void {
  item.setAttribute("aria-label", label);
  if (item instanceof HTMLButtonElement) item.title = label;
}

/** A session number as people read it: `123 456 7890`. */
export function groupedNumber(number: string): string {
  return number.replace(/^(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3");
}
