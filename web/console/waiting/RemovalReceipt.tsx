/** The removal receipt: what the app had installed, what became of it, and the signed file to keep. */
import { Button, Text, Title } from "@mantine/core";
import { IconCheck, IconClock, IconDownload, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../api/queries";
import type { ReceiptFacts, Session } from "../api/types";
import { ErrorNotice } from "../errors/ErrorNotice";
import { type Translate, useText } from "../i18n";
import { paths } from "../paths";
import { moment } from "../ui/time";
import classes from "./RemovalReceipt.module.css";
import { fates } from "./receipt";

const REASONS = ["technician", "customer", "expired", "rejected"];
const PEOPLE = ["technician", "customer", "clock", "server"];
const ICONS = { removed: IconCheck, finishing: IconClock, left: IconX } as const;

export function RemovalReceipt({ session }: { session: Session }) {
  const { t } = useText();
  const receipt = useQuery(queries.receipt(session.id));
  return (
    <section aria-labelledby="receipt-title" data-testid="receipt" className={classes.receipt}>
      <Title order={3} size="h4" id="receipt-title" mb="xs">
        {t("receipt.title")}
      </Title>
      {receipt.error !== null && <ErrorNotice error={receipt.error} />}
      {receipt.data !== undefined && (
        <>
          {receipt.data.facts === null ? (
            <Text size="sm">{t("receipt.unreadable")}</Text>
          ) : (
            <Facts facts={receipt.data.facts} />
          )}
          <Text size="sm" c="dimmed" my="sm">
            {t("receipt.signed")}
          </Text>
          <Button
            component="a"
            href={paths.receipt(session.id)}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            data-testid="receipt-download"
          >
            {t("receipt.download")}
          </Button>
        </>
      )}
    </section>
  );
}

function Facts({ facts }: { facts: ReceiptFacts }) {
  const { t, locale } = useText();
  return (
    <>
      <dl className={classes.facts}>
        <div>
          <dt>{t("receipt.when")}</dt>
          <dd>{Number.isNaN(Date.parse(facts.at)) ? facts.at : moment(locale, facts.at)}</dd>
        </div>
        <div>
          <dt>{t("receipt.why")}</dt>
          <dd>{REASONS.includes(facts.reason) ? t(`receipt.reason.${facts.reason}`) : facts.reason}</dd>
        </div>
        <div>
          <dt>{t("receipt.whom")}</dt>
          <dd>{PEOPLE.includes(facts.by) ? t(`receipt.by.${facts.by}`) : facts.by}</dd>
        </div>
      </dl>
      <ul className={classes.items} aria-label={t("receipt.installed")}>
        {fates(facts).map(({ label, fate, key }) => {
          const Icon = ICONS[fate];
          return (
            <li key={key} data-fate={fate} data-testid="receipt-item">
              <Icon size={16} aria-hidden className={classes.icon ?? ""} />
              <span>
                {named(t, label)} <small>{t(`receipt.fate.${fate}`)}</small>
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

const DIRECTORY = "directory ";
const LABELS: ReadonlyMap<string, string> = new Map([
  ["program folder", "program"],
  ["data directory", "data"],
  ["service", "service"],
  ["scheduled task", "task"],
  ["autostart entry", "autostart"],
  ["downloaded file", "download"],
]);

/** What the app calls a thing is English; what everybody has is named in the reader's language, a file by its name. */
function named(t: Translate, label: string): string {
  if (label.startsWith(DIRECTORY)) return t("receipt.label.directory", { name: label.slice(DIRECTORY.length) });
  const known = LABELS.get(label);
  return known === undefined ? label : t(`receipt.label.${known}`);
}
