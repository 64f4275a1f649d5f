/** Addresses of the console's pages. */
export const paths = {
  sessions: "/console",
  signIn: "/console/sign-in",
  newSession: "/console/new",
  session: (id: string) => `/console/sessions/${id}`,
  history: "/console/history",
  /** The signed removal receipt, a file. */
  receipt: (id: string) => `/api/v1/sessions/${id}/receipt`,
  /** The viewer, a page of its own. */
  connect: (id: string) => `/connect/${id}`,
};

/** Where to go after signing in: a page of the console, whatever the address bar says. */
export function safeReturn(next: string | null): string {
  return next !== null && /^\/console(\/[\w/-]*)?$/.test(next) && !next.startsWith(paths.signIn)
    ? next
    : paths.sessions;
}
