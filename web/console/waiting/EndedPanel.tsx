import { Button, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import type { Session } from "../api/types";
import { useText } from "../i18n";
import { paths } from "../paths";
import { moment } from "../ui/time";
import { RemovalReceipt } from "./RemovalReceipt";

/** The session is over: how it ended and whether the app has removed itself. */
export function EndedPanel({ session }: { session: Session }) {
  const { t, locale } = useText();
  return (
    <section className="card" data-testid="ended-panel" data-reason={session.end_reason} data-removal={session.removal}>
      <Stack gap="sm" align="flex-start">
        <Title order={2}>{t("ended.title")}</Title>
        {session.end_reason !== null && session.ended_at !== null && (
          <Text>{t(`ended.${session.end_reason}`, { at: moment(locale, session.ended_at) })}</Text>
        )}
        <Text size="sm" c="dimmed" aria-live="polite">
          {t(`ended.removal.${session.removal}`)}
        </Text>
        {session.removal === "confirmed" && <RemovalReceipt session={session} />}
        <Button component={Link} to={paths.sessions} variant="default" mt="sm">
          {t("ended.back")}
        </Button>
      </Stack>
    </section>
  );
}
