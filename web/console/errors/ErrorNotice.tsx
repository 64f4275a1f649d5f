import { Alert, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useText } from "../i18n";
import { explain } from "./sentences";

/** Says what went wrong and what to do, with the code to look it up. Never a stack trace. */
export function ErrorNotice({ error }: { error: unknown }) {
  const { t } = useText();
  const { code, sentence } = explain(t, error);
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertCircle aria-hidden />} data-testid="error">
      <Text size="sm">{sentence}</Text>
      <Text size="xs" c="dimmed" mt={4} data-testid="error-code">
        {code}
      </Text>
    </Alert>
  );
}
