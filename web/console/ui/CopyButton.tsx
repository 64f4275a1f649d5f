import { Button, type ButtonProps } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useText } from "../i18n";

interface Props extends ButtonProps {
  value: string;
  label: string;
  testId?: string;
}

/** Copies and says so, to screen readers as well. */
export function CopyButton({ value, label, testId, ...rest }: Props) {
  const { t } = useText();
  const clipboard = useClipboard({ timeout: 2_000 });
  const icon = clipboard.copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />;
  return (
    <Button variant="default" leftSection={icon} {...rest} onClick={() => clipboard.copy(value)} data-testid={testId}>
      <span aria-live="polite">{clipboard.copied ? t("copy.done") : label}</span>
    </Button>
  );
}
