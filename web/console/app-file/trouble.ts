/** What is wrong with the app that customers get, if anything: the id of the sentence and how much it matters. Pure. */
import type { AppInfo } from "../api/types";

export type Trouble = "missing" | "damaged" | "otherServer" | "tooOld" | "development" | "unsigned";

export function troubleOf(app: AppInfo): Trouble | null {
  switch (app.state) {
    case "missing":
      return "missing";
    case "damaged":
      return "damaged";
    case "other_server":
      return "otherServer";
    case "too_old":
      return "tooOld";
    case "ready":
      if (app.facts?.development) return "development";
      return app.facts?.signed ? null : "unsigned";
  }
}

/** Whether customers get no app at all. */
export function blocks(trouble: Trouble): boolean {
  return trouble !== "development" && trouble !== "unsigned";
}
