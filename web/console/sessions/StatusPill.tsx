import { useText } from "../i18n";
import classes from "./StatusPill.module.css";
import type { Situation } from "./situation";

/** A dot and a word; the word carries the meaning, the colour only helps. */
export function StatusPill({ situation }: { situation: Situation }) {
  const { t } = useText();
  return (
    <span className={classes.pill} data-tone={situation.tone} data-testid="session-status" data-status={situation.id}>
      <span className={classes.dot} aria-hidden="true" />
      {t(situation.id)}
    </span>
  );
}
