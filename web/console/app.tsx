/** Providers and routes of the console. */
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { createBrowserRouter, Navigate } from "react-router";
import { RouterProvider } from "react-router/dom";
import { newQueryClient } from "./api/queries";
import { SignedIn } from "./auth/SignedIn";
import { SignInPage } from "./auth/SignInPage";
import { HistoryPage } from "./history/HistoryPage";
import { i18n } from "./i18n";
import { NewSessionPage } from "./new-session/NewSessionPage";
import { paths } from "./paths";
import { SessionsPage } from "./sessions/SessionsPage";
import { cssVariables, theme } from "./theme";
import { NotFoundPage } from "./ui/NotFoundPage";
import { RouteError } from "./ui/RouteError";
import { WaitingPage } from "./waiting/WaitingPage";

const client = newQueryClient();

const router = createBrowserRouter([
  {
    errorElement: <RouteError />,
    children: [
      { path: "/", element: <Navigate to={paths.sessions} replace /> },
      { path: paths.signIn, element: <SignInPage /> },
      {
        element: <SignedIn />,
        errorElement: <RouteError />,
        children: [
          { path: paths.sessions, element: <SessionsPage /> },
          { path: paths.newSession, element: <NewSessionPage /> },
          { path: paths.session(":id"), element: <WaitingPage /> },
          { path: paths.history, element: <HistoryPage /> },
        ],
      },
      { path: "*", element: <NotFoundPage /> },
    ],
  },
]);

export function App() {
  return (
    <I18nProvider i18n={i18n}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>
  );
}
