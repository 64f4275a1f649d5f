import { IconMailOff } from "@tabler/icons-react";
import { useMe } from "../auth/SignedIn";
import { useText } from "../i18n";
import { Notice } from "./Notice";

/** Says that mail goes nowhere but a folder, where that is so. */
export function OutboxNotice() {
  const { t } = useText();
  if (!useMe().mail.local_outbox) return null;
  return (
    <Notice tone="warm" icon={IconMailOff} data-testid="local-outbox">
      {t("frame.localOutbox")}
    </Notice>
  );
}
