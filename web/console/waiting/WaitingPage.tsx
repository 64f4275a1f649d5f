/** One session, live: the way to activation with the customer, then *Connect*, then how it ended. */
import { Anchor, Group, Loader, Stack, Text, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link, useParams } from "react-router";
import { queries, WITHOUT_LIVE_MS } from "../api/queries";
import type { Session } from "../api/types";
import { AppNotice } from "../app-file/AppNotice";
import { useMe } from "../auth/SignedIn";
import { ErrorNotice } from "../errors/ErrorNotice";
import { useText } from "../i18n";
import { useLive } from "../live/LiveUpdates";
import { closePairing, usePairing } from "../pairing/registry";
import { paths } from "../paths";
import { EndSession } from "../sessions/EndSession";
import { groupedNumber, rights } from "../sessions/situation";
import { usePageTitle } from "../ui/usePageTitle";
import { ActivePanel } from "./ActivePanel";
import { CodePanel } from "./CodePanel";
import { EndedPanel } from "./EndedPanel";
import { InvitationPanel } from "./InvitationPanel";
import { PasswordAgain } from "./PasswordAgain";
import { ProgressSteps } from "./ProgressSteps";
import classes from "./WaitingPage.module.css";

export function WaitingPage() {
  const { id = "" } = useParams();
  const { t } = useText();
  const live = useLive();
  const { data: session, error } = useQuery({
    ...queries.session(id),
    refetchInterval: live ? false : WITHOUT_LIVE_MS,
  });
  usePageTitle(session?.customer_email ?? t("sessions.title"));
  return (
    <Stack gap="lg">
      <Anchor component={Link} to={paths.sessions} size="sm" c="dimmed">
        <Group gap={6} component="span">
          <IconArrowLeft size={16} aria-hidden />
          {t("sessions.title")}
        </Group>
      </Anchor>
      {error !== null && <ErrorNotice error={error} />}
      {session === undefined && error === null && <Loader aria-label={t("loading")} />}
      {session !== undefined && <SessionView key={session.id} session={session} />}
    </Stack>
  );
}

function SessionView({ session }: { session: Session }) {
  const { t } = useText();
  const me = useMe();
  const may = rights(session, me.user);
  const waiting = session.state === "prepared" || session.state === "pairing";

  useEffect(() => {
    if (!waiting) closePairing(session.id);
  }, [waiting, session.id]);

  return (
    <>
      <Group justify="space-between" align="flex-start" data-testid="session" data-state={session.state}>
        <div className={classes.heading}>
          <Title order={1} className={classes.email ?? ""}>
            {session.customer_email}
          </Title>
          <Text c="dimmed" mt={4}>
            {t("waiting.number")}{" "}
            <span className="numbers" data-testid="session-number">
              {groupedNumber(session.number)}
            </span>
            {!may.own && ` · ${session.owner.name}`}
          </Text>
          {session.note && <Text mt={4}>{session.note}</Text>}
        </div>
        {may.end && <EndSession session={session} />}
      </Group>
      {waiting && <AppNotice />}
      <div className={classes.columns}>
        <section className="card" aria-labelledby="progress-title">
          <Title order={2} id="progress-title" mb="lg">
            {t("progress.title")}
          </Title>
          <ProgressSteps session={session} speak={may.own && waiting} />
        </section>
        <Stack gap="lg" className={classes.side ?? ""}>
          {session.state === "active" && <ActivePanel session={session} own={may.own} />}
          {session.state === "ended" && <EndedPanel session={session} />}
          {waiting && may.own && <PairingPanels session={session} />}
          {waiting && !may.own && (
            <section className="card">
              <Text size="sm">{t("waiting.notYours", { name: session.owner.name })}</Text>
            </section>
          )}
        </Stack>
      </div>
    </>
  );
}

function PairingPanels({ session }: { session: Session }) {
  const me = useMe();
  const { pairing, state, hasPassword } = usePairing(session, me);
  return (
    <>
      {hasPassword ? (
        <CodePanel session={session} pairing={pairing} state={state} />
      ) : (
        <PasswordAgain onPassword={(password) => pairing.setPassword(password)} />
      )}
      <InvitationPanel session={session} />
    </>
  );
}
