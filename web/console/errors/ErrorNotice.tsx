import { Text } from "@mantine/core";
import { useText } from "../i18n";
import { Notice } from "../ui/Notice";
import { explain } from "./sentences";

/** Says what went wrong and what to do, with the code to look it up. Never a stack trace. */
export function ErrorNotice({ error }: { error: unknown }) {
  const { t } = useText();
  const { code, sentence } = explain(t, error);
  return (
    <Notice role="alert" tone="bad" data-testid="error">
      {sentence}
      <Text size="xs" c="dimmed" mt={4} data-testid="error-code">
        {code}
      </Text>
    </Notice>
  );
}
