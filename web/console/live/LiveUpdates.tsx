/** Listens to the company's events (SSE) while somebody is signed in, and keeps the query cache current. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { mergeSession, queries } from "../api/queries";
import type { Session } from "../api/types";

const ADDRESS = "/api/v1/events";
/** The server pings every 15 s; a line silent for longer is dead even where the browser has not noticed. */
const SILENCE_MS = 40_000;
const REDIAL_MS = 3_000;

const Live = createContext(true);

/** Whether live updates arrive at present. */
export function useLive(): boolean {
  return useContext(Live);
}

export function LiveUpdates({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [live, setLive] = useState(true);

  useEffect(() => {
    let source: EventSource;
    let silence: ReturnType<typeof setTimeout>;
    let redial: ReturnType<typeof setTimeout>;

    const lost = () => {
      setLive(false);
      source.close();
      clearTimeout(silence);
      clearTimeout(redial);
      redial = setTimeout(dial, REDIAL_MS);
      // Finds out whether the web session is over; a browser does not tell the status of an event stream.
      void client.invalidateQueries({ queryKey: queries.me().queryKey });
    };
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(lost, SILENCE_MS);
    };
    const dial = () => {
      source = new EventSource(ADDRESS);
      heard();
      source.addEventListener("hello", () => {
        heard();
        setLive(true);
        void client.invalidateQueries({ queryKey: ["sessions"] });
        void client.invalidateQueries({ queryKey: ["session"] });
      });
      source.addEventListener("session", (event) => {
        heard();
        const session = JSON.parse(event.data) as Session;
        mergeSession(client, session);
        void client.invalidateQueries({ queryKey: queries.invitation(session.id).queryKey });
      });
      source.addEventListener("signed_out", lost);
      source.addEventListener("ping", heard);
      source.addEventListener("error", lost);
    };

    dial();
    return () => {
      source.close();
      clearTimeout(silence);
      clearTimeout(redial);
    };
  }, [client]);

  return <Live value={live}>{children}</Live>;
}
