import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { generatePassword } from "../../protocol/password";
import { useText } from "../i18n";
import { CopyButton } from "../ui/CopyButton";
import classes from "./PasswordField.module.css";
import { isAcceptable, strengthOf } from "./strength";

const FILL = { empty: 0, short: 15, weak: 35, fair: 65, strong: 100, long: 100 } as const;

interface Props {
  value: string;
  onChange: (password: string) => void;
}

/** The session password in plain sight (it is shown this once), with generator, copy button and strength. */
export function PasswordField({ value, onChange }: Props) {
  const { t } = useText();
  const strength = strengthOf(value);
  return (
    <div>
      <TextInput
        label={t("password.label")}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        size="md"
        maxLength={200}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        classNames={{ input: classes.input ?? "" }}
        aria-describedby="password-strength"
        data-1p-ignore
        data-lpignore="true"
        data-testid="session-password"
      />
      <div className={classes.meter} data-strength={strength} aria-hidden="true">
        <span style={{ width: `${FILL[strength]}%` }} />
      </div>
      <Text
        id="password-strength"
        size="sm"
        c={isAcceptable(strength) || strength === "empty" ? "dimmed" : "var(--zuruf-bad)"}
        aria-live="polite"
        data-testid="password-strength"
        data-strength={strength}
      >
        {t(`strength.${strength}`)}
      </Text>
      <Group gap="xs" mt="sm">
        <CopyButton value={value} label={t("password.copy")} testId="password-copy" disabled={!value} />
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
          onClick={() => onChange(generatePassword())}
          data-testid="password-generate"
        >
          {t("password.generate")}
        </Button>
      </Group>
    </div>
  );
}
