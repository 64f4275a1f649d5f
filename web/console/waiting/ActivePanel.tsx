import { Button, Stack, Text, Title } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { Session } from "../api/types";
import { useText } from "../i18n";
import { paths } from "../paths";
import { StatusPill } from "../sessions/StatusPill";
import { endsAt, situation } from "../sessions/situation";
import { Notice } from "../ui/Notice";
import { inWords, moment, useServerNow } from "../ui/time";
import classes from "./ActivePanel.module.css";

/** The session is active: which PC, how long, and *Connect*. */
export function ActivePanel({ session, own }: { session: Session; own: boolean }) {
  const { t, locale } = useText();
  const now = useServerNow();
  return (
    <section className="card" aria-labelledby="active-title" data-testid="active-panel">
      <Stack gap="md">
        <div>
          <StatusPill situation={situation(session)} />
        </div>
        <div>
          <Title order={2} id="active-title" className={classes.host ?? ""}>
            {session.host?.hostname ?? t("active.unnamed")}
          </Title>
          {session.host !== null && (
            <Text size="sm" c="dimmed">
              {session.host.system}
            </Text>
          )}
        </div>
        <dl className={classes.facts}>
          <div>
            <dt>{t("active.left")}</dt>
            <dd className="numbers" data-testid="time-left">
              {inWords(t, endsAt(session) - now)}
            </dd>
          </div>
          {session.expires_at !== null && (
            <div>
              <dt>{t("active.until")}</dt>
              <dd>{moment(locale, session.expires_at)}</dd>
            </div>
          )}
        </dl>
        {!session.host_online && (
          <Notice tone="warm" data-testid="host-offline">
            {t("active.offline")}
          </Notice>
        )}
        {own && (
          <>
            <Button
              component="a"
              href={paths.connect(session.id)}
              target="_blank"
              rel="noopener"
              size="lg"
              rightSection={<IconExternalLink size={18} aria-hidden />}
              disabled={!session.host_online}
              data-testid="connect"
            >
              {t("sessions.connect")}
            </Button>
            <Text size="sm" c="dimmed">
              {t("active.password")}
            </Text>
          </>
        )}
      </Stack>
    </section>
  );
}
