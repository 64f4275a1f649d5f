import { Anchor, Button, Loader, Stack, Text, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { api } from "../api/client";
import type { Session } from "../api/types";
import { ErrorNotice } from "../errors/ErrorNotice";
import { useText } from "../i18n";
import { paths } from "../paths";
import { groupedNumber } from "../sessions/situation";
import { inWords, moment } from "../ui/time";
import { usePageTitle } from "../ui/usePageTitle";
import classes from "./HistoryPage.module.css";

const PAGE_SIZE = 50;

/** Sessions that have ended: how, how long they were active, and whether the app removed itself. */
export function HistoryPage() {
  const { t } = useText();
  usePageTitle(t("history.title"));
  const history = useInfiniteQuery({
    queryKey: ["history"],
    queryFn: ({ pageParam }) => api.history(pageParam, PAGE_SIZE),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.length < PAGE_SIZE ? undefined : (page.at(-1)?.ended_at ?? undefined)),
  });
  const sessions = history.data?.pages.flat() ?? [];
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>{t("history.title")}</Title>
        <Text c="dimmed" mt={4}>
          {t("history.lead")}
        </Text>
      </div>
      {history.error !== null && <ErrorNotice error={history.error} />}
      {history.isPending && <Loader aria-label={t("loading")} />}
      {history.isSuccess && sessions.length === 0 && (
        <div className="card">
          <Text c="dimmed">{t("history.empty")}</Text>
        </div>
      )}
      {sessions.length > 0 && <HistoryTable sessions={sessions} />}
      {history.hasNextPage && (
        <Button
          variant="default"
          onClick={() => history.fetchNextPage()}
          loading={history.isFetchingNextPage}
          style={{ alignSelf: "center" }}
        >
          {t("history.more")}
        </Button>
      )}
    </Stack>
  );
}

const REMOVAL_TONE = { none: "quiet", pending: "busy", confirmed: "good", unconfirmed: "warm" } as const;

function HistoryTable({ sessions }: { sessions: Session[] }) {
  const { t, locale } = useText();
  const columns = ["customer", "owner", "ended", "reason", "duration", "removal"].map((key) => t(`history.${key}`));
  const cell = (index: number) => ({ "data-label": columns[index] });
  return (
    <div className={`card ${classes.box}`}>
      <table className={classes.table} data-testid="history">
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.id} data-testid="history-row" data-session={session.id}>
              <td {...cell(0)}>
                <div>
                  <Anchor
                    component={Link}
                    to={paths.session(session.id)}
                    c="inherit"
                    fw={600}
                    size="sm"
                    className={classes.email ?? ""}
                  >
                    {session.customer_email}
                  </Anchor>
                  <Text size="xs" c="dimmed" className="numbers">
                    {groupedNumber(session.number)}
                    {session.host !== null && ` · ${session.host.hostname}`}
                  </Text>
                </div>
              </td>
              <td {...cell(1)}>{session.owner.name}</td>
              <td {...cell(2)}>{session.ended_at && moment(locale, session.ended_at)}</td>
              <td {...cell(3)} data-testid="end-reason" data-reason={session.end_reason}>
                {session.end_reason && t(`reason.${session.end_reason}`)}
              </td>
              <td {...cell(4)} className="numbers">
                {session.activated_at && session.ended_at
                  ? inWords(t, Date.parse(session.ended_at) - Date.parse(session.activated_at))
                  : t("history.neverActive")}
              </td>
              <td {...cell(5)} data-testid="removal" data-removal={session.removal}>
                <span className={classes.removal} data-tone={REMOVAL_TONE[session.removal]}>
                  {t(`removal.${session.removal}`)}
                </span>
                {session.removal === "confirmed" && (
                  <>
                    {" · "}
                    <Anchor component={Link} to={paths.session(session.id)} size="sm">
                      {t("history.receipt")}
                    </Anchor>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
