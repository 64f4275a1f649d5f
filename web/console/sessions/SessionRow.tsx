import { Button, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { Link } from "react-router";
import type { Session } from "../api/types";
import { useMe } from "../auth/SignedIn";
import { useText } from "../i18n";
import { paths } from "../paths";
import { inWords, moment, useServerNow } from "../ui/time";
import { EndSession } from "./EndSession";
import classes from "./SessionRow.module.css";
import { StatusPill } from "./StatusPill";
import { endsAt, groupedNumber, rights, situation } from "./situation";

/** One open session: who, whose, where it is at, how long it has left, what to do. A row that becomes a card. */
export function SessionRow({ session }: { session: Session }) {
  const { t, locale } = useText();
  const me = useMe();
  const now = useServerNow();
  const may = rights(session, me.user);
  const active = session.state === "active";
  const left = inWords(t, endsAt(session) - now);
  return (
    <li className={`card ${classes.row}`} data-testid="session-row" data-session={session.id}>
      <div className={classes.who}>
        <Text fw={650} className={classes.email}>
          {session.customer_email}
        </Text>
        <Text size="sm" c="dimmed">
          <span className="numbers">{groupedNumber(session.number)}</span>
          {session.host !== null && ` · ${session.host.hostname}`}
          {` · ${may.own ? t("sessions.yours") : session.owner.name}`}
        </Text>
        {session.note && (
          <Text size="sm" mt={4} lineClamp={2}>
            {session.note}
          </Text>
        )}
      </div>
      <div className={classes.state}>
        <StatusPill situation={situation(session)} />
        <Text size="sm" c="dimmed" mt={6} className="numbers">
          {active ? t("sessions.timeLeft", { left }) : t("sessions.linkLeft", { left })}
        </Text>
        {session.connections.map((connection) => (
          <Text key={connection.id} size="sm" c="dimmed">
            {t("sessions.connectedSince", { since: moment(locale, connection.since) })}
          </Text>
        ))}
      </div>
      <div className={classes.actions}>
        {may.own && active && (
          <Button
            component="a"
            href={paths.connect(session.id)}
            target="_blank"
            rel="noopener"
            rightSection={<IconExternalLink size={16} aria-hidden />}
            disabled={!session.host_online}
            data-testid="connect"
          >
            {t("sessions.connect")}
          </Button>
        )}
        <Button
          component={Link}
          to={paths.session(session.id)}
          variant={may.own && !active ? "filled" : "default"}
          data-testid="open-session"
        >
          {may.own && !active ? t("sessions.continue") : t("sessions.details")}
        </Button>
        {may.end && <EndSession session={session} />}
      </div>
    </li>
  );
}
