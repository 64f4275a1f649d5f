/** What became of each thing that the app had installed, as its receipt says. Pure: the page only draws it. */
import type { ReceiptFacts } from "../api/types";

export type Fate = "removed" | "finishing" | "left";

export interface Item {
  readonly key: string;
  readonly label: string;
  readonly fate: Fate;
}

/** Everything installed, in its order; of two things with one name, one removal counts once. */
export function fates(facts: ReceiptFacts): Item[] {
  const removed = [...facts.removed];
  const finishing = [...facts.finishing];
  return facts.installed.map((label, index) => {
    const fate: Fate = take(removed, label) ? "removed" : take(finishing, label) ? "finishing" : "left";
    return { key: `${index} ${label}`, label, fate };
  });
}

function take(labels: string[], label: string): boolean {
  const at = labels.indexOf(label);
  if (at < 0) return false;
  labels.splice(at, 1);
  return true;
}
