/**
 * Session passwords between *New session* and pairing: in this tab's memory only, never in any storage, so that a
 * reload forgets them. They are dropped when the session becomes active or ends, and when somebody signs out.
 */
const passwords = new Map<string, string>();
let owner = "";

export const vault = {
  /** Tells whose passwords these are. Drops those of somebody else, and says whether there was somebody else. */
  belongsTo(userId: string): boolean {
    const another = owner !== "" && owner !== userId;
    if (another) passwords.clear();
    owner = userId;
    return another;
  },
  keep(sessionId: string, password: string): void {
    passwords.set(sessionId, password);
  },
  read(sessionId: string): string | undefined {
    return passwords.get(sessionId);
  },
  forget(sessionId: string): void {
    passwords.delete(sessionId);
  },
  forgetAll(): void {
    passwords.clear();
    owner = "";
  },
};
