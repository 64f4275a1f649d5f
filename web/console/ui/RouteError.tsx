import { Button, Container, Stack } from "@mantine/core";
import { useRouteError } from "react-router";
import { ErrorNotice } from "../errors/ErrorNotice";
import { useText } from "../i18n";

/** A page that broke: the sentence and a way on, never the stack. */
export function RouteError() {
  const { t } = useText();
  const error = useRouteError();
  return (
    <Container component="main" size="xs" py={96}>
      <Stack align="flex-start">
        <ErrorNotice error={error} />
        <Button onClick={() => location.reload()}>{t("routeError.reload")}</Button>
      </Stack>
    </Container>
  );
}
