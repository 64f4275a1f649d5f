/** What the console keeps of the server's answers: keys, lifetimes, and how live news is merged in. */
import { MutationCache, QueryCache, QueryClient, queryOptions } from "@tanstack/react-query";
import { codes } from "../../protocol/generated/messages";
import { ApiError, api, OFFLINE } from "./client";
import type { Me, Session } from "./types";

/** Asked again this often while live updates are interrupted. */
export const WITHOUT_LIVE_MS = 10_000;

const retries = (count: number, error: unknown) => count < 3 && error instanceof ApiError && error.code === OFFLINE;

/** Whether the server says that nobody is signed in (any more). */
function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401 && error.code !== codes.WRONG_CREDENTIALS;
}

export function newQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (isSignedOut(error)) forgetEverybody(client);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { retry: retries, refetchOnWindowFocus: true, staleTime: 5_000 },
      mutations: { retry: false },
    },
  });
  return client;
}

/** The web session is over: drop everything the server told us; the frame of every page then asks for signing in. */
export function forgetEverybody(client: QueryClient): void {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== "me" });
  client.setQueryData(queries.me().queryKey, null);
}

/** Who is signed in, null for nobody. */
async function whoIsSignedIn(): Promise<Me | null> {
  try {
    return await api.me();
  } catch (error) {
    if (isSignedOut(error)) return null;
    throw error;
  }
}

export const queries = {
  me: () => queryOptions({ queryKey: ["me"], queryFn: whoIsSignedIn, staleTime: 60_000 }),
  open: () => queryOptions({ queryKey: ["sessions", "open"], queryFn: api.openSessions }),
  session: (id: string) => queryOptions({ queryKey: ["session", id], queryFn: () => api.session(id) }),
  /** A receipt is signed once and never changes. */
  receipt: (id: string) =>
    queryOptions({ queryKey: ["receipt", id], queryFn: () => api.receipt(id), staleTime: Number.POSITIVE_INFINITY }),
  app: () => queryOptions({ queryKey: ["app"], queryFn: api.app }),
  invitation: (id: string) => queryOptions({ queryKey: ["invitation", id], queryFn: () => api.invitation(id) }),
};

/** Puts a session the server told about into every list that shows it. */
export function mergeSession(client: QueryClient, session: Session): void {
  client.setQueryData(queries.session(session.id).queryKey, session);
  client.setQueryData(queries.open().queryKey, (open) => open && mergeIntoOpen(open, session));
  if (session.state === "ended") void client.invalidateQueries({ queryKey: ["history"] });
}

/** Open sessions with this one added, renewed, or taken out because it has ended; newest first. */
export function mergeIntoOpen(open: readonly Session[], session: Session): Session[] {
  const others = open.filter((each) => each.id !== session.id);
  if (session.state === "ended") return others;
  return [...others, session].sort((a, b) => b.prepared_at.localeCompare(a.prepared_at));
}
