import { Button, Container, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Navigate, useNavigate, useSearchParams } from "react-router";
import { api } from "../api/client";
import { queries } from "../api/queries";
import { ErrorNotice } from "../errors/ErrorNotice";
import { useText } from "../i18n";
import { closeAllPairings } from "../pairing/registry";
import { vault } from "../pairing/vault";
import { safeReturn } from "../paths";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import { Logo } from "../ui/Logo";
import { usePageTitle } from "../ui/usePageTitle";

export function SignInPage() {
  const { t } = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const next = safeReturn(search.get("next"));
  usePageTitle(t("signIn.title"));

  const form = useForm({
    initialValues: { email: "", password: "" },
    validate: {
      email: (value) => (value.includes("@") ? null : t("signIn.emailMissing")),
      password: (value) => (value ? null : t("signIn.passwordMissing")),
    },
  });
  const signIn = useMutation({
    mutationFn: (values: typeof form.values) => api.signIn(values.email.trim(), values.password),
    onSuccess: (me) => {
      if (vault.belongsTo(me.user.id)) closeAllPairings();
      client.setQueryData(queries.me().queryKey, me);
      navigate(next, { replace: true });
    },
    onError: () => form.setFieldValue("password", ""),
  });
  if (client.getQueryData(queries.me().queryKey) && !signIn.isSuccess) return <Navigate to={next} replace />;

  return (
    <Container component="main" size={420} py={{ base: "xl", sm: 96 }}>
      <Stack gap="xl">
        <Logo size={36} />
        <div>
          <Title order={1}>{t("signIn.title")}</Title>
          <Text c="dimmed" mt={6}>
            {search.has("next") ? t("signIn.again") : t("signIn.lead")}
          </Text>
        </div>
        <form className="card" onSubmit={form.onSubmit((values) => signIn.mutate(values))} noValidate>
          <Stack>
            {signIn.error !== null && <ErrorNotice error={signIn.error} />}
            <TextInput
              label={t("signIn.email")}
              type="email"
              name="email"
              autoComplete="username"
              autoFocus
              size="md"
              data-testid="sign-in-email"
              {...form.getInputProps("email")}
            />
            <PasswordInput
              label={t("signIn.password")}
              name="password"
              autoComplete="current-password"
              size="md"
              data-testid="sign-in-password"
              visibilityToggleButtonProps={{ "aria-label": t("password.show") }}
              {...form.getInputProps("password")}
            />
            <Button type="submit" size="md" mt="xs" loading={signIn.isPending} data-testid="sign-in-submit">
              {t("signIn.submit")}
            </Button>
          </Stack>
        </form>
        <LanguageSwitch />
      </Stack>
    </Container>
  );
}
