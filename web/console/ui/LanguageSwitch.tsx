import { SegmentedControl } from "@mantine/core";
import type { Locale } from "../api/types";
import { chooseLocale, LOCALES, useText } from "../i18n";

const NAMES: Record<Locale, string> = { de: "Deutsch", en: "English" };

export function LanguageSwitch() {
  const { t, locale } = useText();
  return (
    <SegmentedControl
      aria-label={t("language.label")}
      value={locale}
      data={LOCALES.map((value) => ({ value, label: NAMES[value] }))}
      onChange={(value) => chooseLocale(value as Locale)}
      data-testid="language-switch"
      w="fit-content"
      size="sm"
    />
  );
}
