/** What this browser hands the host at pairing, sealed. The host holds to it for the whole session. */
import { limits, type Settings } from "../../protocol/generated/messages";
import { derivePrs, newSalt } from "../../protocol/prs";
import type { Me, Session } from "../api/types";

/**
 * Made of the password and of what the server says about session, plan and names. The server may shorten a session:
 * whatever it says, none lasts longer than the protocol allows.
 */
export async function pairingSettings(
  session: Pick<Session, "duration_s">,
  me: { entitlements: Me["entitlements"]; user: Pick<Me["user"], "name">; company: Pick<Me["company"], "name"> },
  password: string,
): Promise<Settings> {
  const salt = newSalt();
  return {
    t: "settings",
    duration_s: Math.min(session.duration_s, limits.SESSION_DURATION_S),
    tools: me.entitlements,
    salt,
    prs: await derivePrs(password, salt),
    technician: me.user.name,
    company: me.company.name,
  };
}
