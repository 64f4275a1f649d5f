import { Anchor, Container, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { useText } from "../i18n";
import { paths } from "../paths";
import { usePageTitle } from "./usePageTitle";

export function NotFoundPage() {
  const { t } = useText();
  usePageTitle(t("notFound.title"));
  return (
    <Container component="main" size="xs" py={96}>
      <Title order={1}>{t("notFound.title")}</Title>
      <Text c="dimmed" my="md">
        {t("notFound.text")}
      </Text>
      <Anchor component={Link} to={paths.sessions}>
        {t("notFound.back")}
      </Anchor>
    </Container>
  );
}
