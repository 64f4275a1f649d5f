/** Frame of every page behind signing in: asks who it is, sends strangers to the sign-in page, shows header and page. */
import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { createContext, useContext, useEffect } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { queries } from "../api/queries";
import type { Me } from "../api/types";
import { ErrorNotice } from "../errors/ErrorNotice";
import { activateLocale, hasChosenLocale } from "../i18n";
import { LiveUpdates } from "../live/LiveUpdates";
import { paths } from "../paths";
import { Frame } from "../ui/Frame";

/** Filled by `SignedIn`; read it with `useMe`. */
export const MeContext = createContext<Me | null>(null);

/** Who is signed in. Only below `SignedIn`. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === null) throw new Error("useMe outside SignedIn");
  return me;
}

export function SignedIn() {
  const { data: me, error } = useQuery(queries.me());
  const location = useLocation();

  useEffect(() => {
    if (me && !hasChosenLocale()) activateLocale(me.user.locale);
  }, [me]);

  if (me === null) {
    const next = location.pathname === paths.sessions ? "" : `?next=${encodeURIComponent(location.pathname)}`;
    return <Navigate to={`${paths.signIn}${next}`} replace />;
  }
  if (me === undefined) {
    return <Center mih="60vh">{error ? <ErrorNotice error={error} /> : <Loader />}</Center>;
  }
  return (
    <MeContext value={me}>
      <LiveUpdates>
        <Frame me={me}>
          <Outlet />
        </Frame>
      </LiveUpdates>
    </MeContext>
  );
}
