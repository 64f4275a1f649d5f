import { IconPackageOff, IconShieldExclamation } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../api/queries";
import { useMe } from "../auth/SignedIn";
import { useText } from "../i18n";
import { Notice } from "../ui/Notice";
import { blocks, troubleOf } from "./trouble";

/** Asked again this often: whoever puts the app in its place watches the notice go. */
const AGAIN_MS = 30_000;

/**
 * Says that customers get no app, or one that is not meant for them, and to administrators also why. Nothing while the
 * server has not answered: the page has more important things to say.
 */
export function AppNotice() {
  const { t } = useText();
  const me = useMe();
  const { data: app } = useQuery({ ...queries.app(), refetchInterval: AGAIN_MS });
  const trouble = app === undefined ? null : troubleOf(app);
  if (app === undefined || trouble === null) return null;
  const blocking = blocks(trouble);
  const facts = {
    server: app.facts?.server ?? "",
    url: app.public_url,
    version: app.facts?.version ?? "",
    minimum: app.minimum_version,
  };
  return (
    <Notice
      tone={blocking ? "bad" : "warm"}
      icon={blocking ? IconPackageOff : IconShieldExclamation}
      data-testid="app-notice"
      data-trouble={trouble}
    >
      {me.user.role === "administrator"
        ? t(`app.administrator.${trouble}`, facts)
        : t(`app.technician.${blocking ? "none" : trouble}`)}
    </Notice>
  );
}
