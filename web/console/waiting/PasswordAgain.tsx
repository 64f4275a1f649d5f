import { Button, Stack, Text, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useText } from "../i18n";
import { PasswordField } from "../new-session/PasswordField";
import { isAcceptable, strengthOf } from "../new-session/strength";

/** After a reload the tab has forgotten the session password; without it the app cannot be paired. */
export function PasswordAgain({ onPassword }: { onPassword: (password: string) => void }) {
  const { t } = useText();
  const [password, setPassword] = useState("");
  const usable = isAcceptable(strengthOf(password));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (usable) onPassword(password);
  };
  return (
    <form className="card" onSubmit={submit} aria-labelledby="password-again" data-testid="password-again">
      <Stack>
        <Title order={2} id="password-again">
          {t("again.title")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("again.text")}
        </Text>
        <PasswordField value={password} onChange={setPassword} />
        <Button type="submit" disabled={!usable} data-testid="password-again-submit">
          {t("again.submit")}
        </Button>
      </Stack>
    </form>
  );
}
