import { Button, Group, Spoiler, Stack, Text, Title } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import { queries } from "../api/queries";
import type { Invitation, Session } from "../api/types";
import { ErrorNotice } from "../errors/ErrorNotice";
import { useText } from "../i18n";
import { CopyButton } from "../ui/CopyButton";
import classes from "./InvitationPanel.module.css";

/** The invitation: what became of the e-mail, sending it again, and the link and text for other ways. */
export function InvitationPanel({ session }: { session: Session }) {
  const { t } = useText();
  const client = useQueryClient();
  const invitation = useQuery(queries.invitation(session.id));
  const resend = useMutation({
    mutationFn: () => api.resendInvitation(session.id),
    onSuccess: (fresh) => client.setQueryData(queries.invitation(session.id).queryKey, fresh),
  });
  const mail = invitation.data;
  return (
    <section className="card" aria-labelledby="invitation-title" data-testid="invitation">
      <Stack gap="sm">
        <Title order={2} id="invitation-title">
          {t("invitation.title")}
        </Title>
        {(invitation.error ?? resend.error) !== null && <ErrorNotice error={invitation.error ?? resend.error} />}
        {mail && (
          <>
            <Text
              size="sm"
              c={mail.state === "failed" ? "var(--zuruf-bad)" : "dimmed"}
              data-testid="mail-state"
              data-state={mail.state}
            >
              {t(wordingOf(mail), { email: mail.recipient })}
            </Text>
            {mail.answer && mail.state !== "sent" && (
              <Text size="sm" className={classes.answer ?? ""}>
                {t("invitation.answer", { answer: mail.answer })}
              </Text>
            )}
            <Group gap="xs">
              <CopyButton value={mail.link} label={t("invitation.copyLink")} testId="copy-link" />
              {!mail.local_outbox && (
                <Button
                  variant="default"
                  leftSection={<IconSend size={16} aria-hidden />}
                  onClick={() => resend.mutate()}
                  loading={resend.isPending}
                  data-testid="resend"
                >
                  {t("invitation.resend")}
                </Button>
              )}
              <CopyButton
                value={`${mail.subject}\n\n${mail.text}`}
                label={t("invitation.copyText")}
                testId="copy-text"
              />
            </Group>
            {mail.local_outbox && (
              <Spoiler maxHeight={170} showLabel={t("invitation.more")} hideLabel={t("invitation.less")}>
                <pre className={classes.text} lang={session.locale} data-testid="mail-text">
                  {mail.text}
                </pre>
              </Spoiler>
            )}
          </>
        )}
      </Stack>
    </section>
  );
}

function wordingOf(mail: Invitation): string {
  if (mail.local_outbox) return "invitation.outbox";
  return mail.state === "queued" && mail.answer ? "invitation.retrying" : `invitation.${mail.state}`;
}
