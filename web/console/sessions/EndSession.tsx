import { Button, type ButtonProps, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import { mergeSession } from "../api/queries";
import type { Session } from "../api/types";
import { ErrorNotice } from "../errors/ErrorNotice";
import { useText } from "../i18n";

/** *End session now* with the consequences told before. */
export function EndSession({ session, ...button }: { session: Session } & ButtonProps) {
  const { t } = useText();
  const client = useQueryClient();
  const [opened, modal] = useDisclosure(false);
  const end = useMutation({
    mutationFn: () => api.endSession(session.id),
    onSuccess: (ended) => {
      mergeSession(client, ended);
      modal.close();
    },
  });
  const kind = session.state === "active" ? "active" : "prepared";
  return (
    <>
      <Button variant="default" {...button} onClick={modal.open} data-testid="end-session">
        {t(`end.${kind}.button`)}
      </Button>
      <Modal
        opened={opened}
        onClose={modal.close}
        title={<Text fw={650}>{t(`end.${kind}.title`)}</Text>}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Stack>
          <Text size="sm">{t(`end.${kind}.text`, { email: session.customer_email })}</Text>
          {end.error !== null && <ErrorNotice error={end.error} />}
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={modal.close} data-autofocus data-testid="end-keep">
              {t(`end.${kind}.keep`)}
            </Button>
            <Button color="red.8" onClick={() => end.mutate()} loading={end.isPending} data-testid="end-confirm">
              {t(`end.${kind}.button`)}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
