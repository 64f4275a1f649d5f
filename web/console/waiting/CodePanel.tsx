/** The security code: asked for, shown once, counted down, replaced. The digits never leave this browser. */

import { Button, Group, Loader, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Session } from "../api/types";
import { ErrorNotice } from "../errors/ErrorNotice";
import { sentenceOf } from "../errors/sentences";
import { useText } from "../i18n";
import type { Code, PairingState } from "../pairing/machine";
import type { Pairing } from "../pairing/registry";
import { Notice } from "../ui/Notice";
import { minutesAndSeconds, useLocalNow } from "../ui/time";
import classes from "./CodePanel.module.css";

interface Props {
  session: Session;
  pairing: Pairing;
  state: PairingState;
}

export function CodePanel({ session, pairing, state }: Props) {
  const { t } = useText();
  const make = useMutation({ mutationFn: () => pairing.makeCode() });
  useCodeWhenAppStarts(session, state, make.mutate);

  return (
    <section className="card" aria-labelledby="code-title" data-testid="code-panel">
      <Stack gap="md">
        <Title order={2} id="code-title">
          {t("code.title")}
        </Title>
        {make.error !== null && <ErrorNotice error={make.error} />}
        <div aria-live="polite">
          <Standing session={session} state={state} />
        </div>
        {state.code !== null && state.line !== "replaced" && <Digits code={state.code} busy={state.run !== null} />}
        {state.line === "replaced" && state.code !== null ? (
          <Button onClick={() => pairing.takeOver()}>{t("code.takeOver")}</Button>
        ) : (
          <Group>
            <Button
              variant={state.code === null && !state.paired ? "filled" : "default"}
              onClick={() => make.mutate()}
              loading={make.isPending}
              disabled={state.run !== null}
              data-testid="make-code"
            >
              {state.code === null && state.codeLost === null && !state.paired ? t("code.make") : t("code.renew")}
            </Button>
          </Group>
        )}
      </Stack>
    </section>
  );
}

/** Makes the first code by itself when the app asks for it, unless one is alive somewhere. */
function useCodeWhenAppStarts(session: Session, state: PairingState, make: () => void): void {
  const asked = useRef(false);
  const wanted =
    session.state === "prepared" &&
    session.progress.app_started_at !== null &&
    session.progress.refusal === null &&
    !session.code.alive &&
    state.code === null &&
    state.codeLost === null &&
    state.line === "closed" &&
    !state.paired;
  useEffect(() => {
    if (!wanted || asked.current) return;
    asked.current = true;
    make();
  }, [wanted, make]);
}

function Digits({ code, busy }: { code: Code; busy: boolean }) {
  const { t } = useText();
  const now = useLocalNow();
  const groups = [code.digits.slice(0, 3), code.digits.slice(3, 6), code.digits.slice(6)];
  return (
    <div>
      <p
        className={classes.digits}
        data-testid="security-code"
        data-busy={busy}
        role="img"
        aria-label={t("code.spoken", { digits: [...code.digits].join(" ") })}
      >
        {groups.map((group, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: three fixed places; equal groups are possible.
          <span key={index}>{group}</span>
        ))}
      </p>
      <Text size="sm" c="dimmed" className="numbers" data-testid="code-left" data-tries={code.triesLeft}>
        {t("code.left", { time: minutesAndSeconds(code.expiresAt - now), tries: code.triesLeft })}
      </Text>
    </div>
  );
}

function Standing({ session, state }: { session: Session; state: PairingState }) {
  const { t } = useText();
  if (state.paired) return <Busy text={t("code.paired")} />;
  if (state.run !== null) return <Busy text={t("code.checking")} />;
  if (state.line === "replaced") return <Notice tone="warm">{t("code.elsewhere")}</Notice>;
  if (state.codeLost !== null) return <Notice tone="warm">{t(`code.lost.${state.codeLost}`)}</Notice>;
  if (state.code === null) {
    return (
      <Text size="sm" c="dimmed">
        {session.code.alive ? t("code.unknownHere") : t("code.lead")}
      </Text>
    );
  }
  if (state.lastFailure !== null) {
    return (
      <Notice tone="warm" data-testid="try-failed" data-code={state.lastFailure}>
        {sentenceOf(t, state.lastFailure)} <small>({state.lastFailure})</small>
      </Notice>
    );
  }
  if (state.line !== "open") return <Busy text={t("code.dialling")} />;
  return (
    <Text size="sm" c="dimmed">
      {t("code.read")}
    </Text>
  );
}

function Busy({ text }: { text: string }) {
  return (
    <Group gap="sm" wrap="nowrap">
      <Loader size="xs" aria-hidden />
      <Text size="sm">{text}</Text>
    </Group>
  );
}
