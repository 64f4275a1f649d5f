import { Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import type { Session } from "../api/types";
import { useMe } from "../auth/SignedIn";
import { sentenceOf } from "../errors/sentences";
import { speakerFor, useText } from "../i18n";
import { moment } from "../ui/time";
import classes from "./ProgressSteps.module.css";
import { currentStep, type ProgressStep, progressOf } from "./progress";

/** The customer's way, live, and beside the step they are at what the technician says to them. */
export function ProgressSteps({ session, speak }: { session: Session; speak: boolean }) {
  const { t } = useText();
  const steps = progressOf(session);
  const current = currentStep(steps);
  return (
    <>
      <ol className={classes.steps} data-testid="progress">
        {steps.map((step, index) => (
          <li
            key={step.key}
            className={classes.step}
            data-state={step.state}
            data-testid={`progress-${step.key}`}
            aria-current={step.key === current ? "step" : undefined}
          >
            <span className={classes.marker} aria-hidden="true">
              {step.state === "done" && <IconCheck size={16} stroke={2.6} />}
              {step.state === "failed" && <IconAlertTriangle size={16} stroke={2.2} />}
              {(step.state === "current" || step.state === "todo") && index + 1}
            </span>
            <div className={classes.body}>
              <StepText session={session} step={step} />
              {speak && step.key === current && <SayThis session={session} step={step} />}
            </div>
          </li>
        ))}
      </ol>
      <div className={classes.announcer} aria-live="polite">
        {current === null ? t("progress.active.done") : t(`progress.${current}.todo`)}
      </div>
    </>
  );
}

function StepText({ session, step }: { session: Session; step: ProgressStep }) {
  const { t, locale } = useText();
  const { progress } = session;
  const outbox = useMe().mail.local_outbox;
  const wording = step.state === "done" ? "done" : "todo";
  let title = t(`progress.${step.key}.${wording}`);
  let detail = step.state === "done" && step.at !== null ? moment(locale, step.at) : null;
  let code: string | null = null;
  let found = "";
  if (step.key === "mail" && step.state === "done" && outbox) title = t("progress.mail.outbox");
  if (step.key === "mail" && step.state === "failed") {
    title = t("progress.mail.failed");
    detail = progress.mail_answer;
    code = "ZRF-601";
  }
  if (step.key === "app" && step.state === "failed" && progress.refusal !== null) {
    title = t("progress.app.refused");
    detail = sentenceOf(t, progress.refusal.code);
    code = progress.refusal.code;
    found = progress.refusal.detail;
  }
  return (
    <>
      <Text fw={600} className={classes.title ?? ""}>
        {title}
      </Text>
      {detail && (
        <Text size="sm" c={step.state === "failed" ? "var(--zuruf-bad)" : "dimmed"}>
          {detail}
        </Text>
      )}
      {found !== "" && (
        <Text size="sm" c="dimmed" data-testid="progress-found">
          {t("progress.app.found", { found })}
        </Text>
      )}
      {code !== null && (
        <Text size="xs" c="dimmed" data-testid="progress-error">
          {code}
        </Text>
      )}
    </>
  );
}

function SayThis({ session, step }: { session: Session; step: ProgressStep }) {
  const { t } = useText();
  const speaker = speakerFor(session.locale);
  const refused = step.key === "app" && step.state === "failed";
  const id = refused ? "say.refused" : `say.${step.key}`;
  // One message holds all sentences of a step, one a line, so that translators see them together.
  const lines = speaker._(id, { number: session.number }).split("\n");
  return (
    <div className={classes.say} data-testid="say">
      <Text size="xs" fw={600} c="dimmed" mb={6}>
        {t(`say.heading.${session.locale}`)}
      </Text>
      <ul lang={session.locale}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
