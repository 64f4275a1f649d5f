import { Text, Title } from "@mantine/core";
import { IconMailForward, IconPlugConnected, IconShieldCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useText } from "../i18n";
import classes from "./HowItWorks.module.css";

const STEPS = [
  { key: "invite", icon: IconMailForward },
  { key: "code", icon: IconShieldCheck },
  { key: "connect", icon: IconPlugConnected },
] as const;

/** What stands where no session is open: how one goes, and the button to begin. */
export function HowItWorks({ action }: { action: ReactNode }) {
  const { t } = useText();
  return (
    <section className={`card ${classes.box}`} data-testid="no-sessions">
      <Title order={2}>{t("empty.title")}</Title>
      <Text c="dimmed" maw={560} mt="xs">
        {t("empty.lead")}
      </Text>
      <ol className={classes.steps}>
        {STEPS.map(({ key, icon: Icon }) => (
          <li key={key} className={classes.step}>
            <span className={classes.icon}>
              <Icon size={24} stroke={1.6} aria-hidden />
            </span>
            <Text fw={650}>{t(`empty.${key}.title`)}</Text>
            <Text size="sm" c="dimmed" mt={4}>
              {t(`empty.${key}.text`)}
            </Text>
          </li>
        ))}
      </ol>
      {action}
    </section>
  );
}
