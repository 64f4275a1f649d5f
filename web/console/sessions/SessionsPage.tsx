import { Button, Group, Loader, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { queries, WITHOUT_LIVE_MS } from "../api/queries";
import { AppNotice } from "../app-file/AppNotice";
import { useMe } from "../auth/SignedIn";
import { ErrorNotice } from "../errors/ErrorNotice";
import { useText } from "../i18n";
import { useLive } from "../live/LiveUpdates";
import { paths } from "../paths";
import { Notice } from "../ui/Notice";
import { OutboxNotice } from "../ui/OutboxNotice";
import { usePageTitle } from "../ui/usePageTitle";
import { HowItWorks } from "./HowItWorks";
import { SessionRow } from "./SessionRow";
import { room } from "./situation";

/** *Ad Hoc Support*: the company's open sessions, live. */
export function SessionsPage() {
  const { t } = useText();
  const me = useMe();
  const live = useLive();
  const open = useQuery({ ...queries.open(), refetchInterval: live ? false : WITHOUT_LIVE_MS });
  usePageTitle(t("sessions.title"));

  const sessions = open.data ?? [];
  const space = room(sessions, me.user.id, me.limits);
  const sorted = [...sessions].sort((a, b) => Number(b.owner.id === me.user.id) - Number(a.owner.id === me.user.id));
  const newSession = (
    <Button
      component={Link}
      to={paths.newSession}
      size="md"
      leftSection={<IconPlus size={18} aria-hidden />}
      data-testid="new-session"
    >
      {t("sessions.new")}
    </Button>
  );

  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={1}>{t("sessions.title")}</Title>
          <Text c="dimmed" mt={4}>
            {t("sessions.lead")}
          </Text>
        </div>
        {space === "free" && sessions.length > 0 && newSession}
      </Group>
      <OutboxNotice />
      {me.user.role === "administrator" && <AppNotice />}
      {open.error !== null && <ErrorNotice error={open.error} />}
      {space !== "free" && (
        <Notice data-testid="limit-reached" data-limit={space}>
          {space === "user"
            ? t("limit.user", { limit: me.limits.per_user })
            : t("limit.company", { limit: me.limits.per_company, company: me.company.name })}
        </Notice>
      )}
      {open.isPending && <Loader aria-label={t("loading")} />}
      {open.data?.length === 0 && <HowItWorks action={newSession} />}
      {sorted.length > 0 && (
        <Stack component="ul" gap="sm" p={0} m={0} aria-label={t("sessions.list")}>
          {sorted.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </Stack>
      )}
    </Stack>
  );
}
