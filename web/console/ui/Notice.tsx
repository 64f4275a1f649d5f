import { IconAlertCircle, IconInfoCircle } from "@tabler/icons-react";
import type { ComponentPropsWithoutRef } from "react";
import classes from "./Notice.module.css";

interface Props extends ComponentPropsWithoutRef<"div"> {
  tone?: "info" | "warm" | "bad";
  icon?: typeof IconInfoCircle;
}

/** A quiet box that says something worth knowing; its icon and text carry the meaning, the colour only helps. */
export function Notice({ tone = "info", icon, children, ...rest }: Props) {
  const Icon = icon ?? (tone === "info" ? IconInfoCircle : IconAlertCircle);
  return (
    <div className={classes.notice} data-tone={tone} {...rest}>
      <Icon size={20} className={classes.icon ?? ""} aria-hidden />
      <div>{children}</div>
    </div>
  );
}
