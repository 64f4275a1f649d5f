import {
  Anchor,
  Button,
  Container,
  Group,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconArrowLeft, IconKey } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import { generatePassword } from "../../protocol/password";
import { api } from "../api/client";
import { mergeSession } from "../api/queries";
import type { Locale } from "../api/types";
import { useMe } from "../auth/SignedIn";
import { ErrorNotice } from "../errors/ErrorNotice";
import { useText } from "../i18n";
import { vault } from "../pairing/vault";
import { paths } from "../paths";
import { Notice } from "../ui/Notice";
import { usePageTitle } from "../ui/usePageTitle";
import { PasswordField } from "./PasswordField";
import { isAcceptable, strengthOf } from "./strength";

const NOTE_MAX = 500;

interface Invitation {
  email: string;
  locale: Locale;
  note: string;
}

/** *New session* in two steps: whom to invite, then the session password. Nothing is sent before the second is done. */
export function NewSessionPage() {
  const { t } = useText();
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [invitation, setInvitation] = useState<Invitation>({ email: "", locale: me.company.locale, note: "" });
  const [step, setStep] = useState<1 | 2>(1);
  const [password, setPassword] = useState(() => generatePassword());
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(t("new.title"));

  useEffect(() => {
    if (step === 2) heading.current?.focus();
  }, [step]);

  const create = useMutation({
    mutationFn: () => api.createSession(invitation.email.trim(), invitation.locale, invitation.note.trim()),
    onSuccess: (session) => {
      vault.keep(session.id, password);
      mergeSession(client, session);
      navigate(paths.session(session.id), { replace: true });
    },
  });

  return (
    <Container size={600} px={0}>
      <Anchor component={Link} to={paths.sessions} size="sm" c="dimmed">
        <Group gap={6} component="span">
          <IconArrowLeft size={16} aria-hidden />
          {t("sessions.title")}
        </Group>
      </Anchor>
      <Title order={1} mt="sm">
        {t("new.title")}
      </Title>
      <Text c="dimmed" mt={4} mb="lg" aria-live="polite">
        {t("new.step", { step })}
      </Text>
      {step === 1 ? (
        <InvitationStep
          initial={invitation}
          onDone={(values) => {
            setInvitation(values);
            create.reset();
            setStep(2);
          }}
        />
      ) : (
        <form
          className="card"
          onSubmit={(event) => {
            event.preventDefault();
            if (isAcceptable(strengthOf(password))) create.mutate();
          }}
        >
          <Stack>
            <Title order={2} ref={heading} tabIndex={-1} style={{ outline: "none" }}>
              {t("new.passwordTitle")}
            </Title>
            <Text size="sm" c="dimmed">
              {t("new.passwordLead")}
            </Text>
            {create.error !== null && <ErrorNotice error={create.error} />}
            <PasswordField value={password} onChange={setPassword} />
            <Notice icon={IconKey}>{t("new.passwordOnce")}</Notice>
            <Group justify="space-between" mt="xs">
              <Button variant="default" onClick={() => setStep(1)} data-testid="new-back">
                {t("back")}
              </Button>
              <Button
                type="submit"
                loading={create.isPending}
                disabled={!isAcceptable(strengthOf(password))}
                data-testid="new-create"
              >
                {t("new.create")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Container>
  );
}

function InvitationStep({ initial, onDone }: { initial: Invitation; onDone: (values: Invitation) => void }) {
  const { t } = useText();
  const form = useForm({
    initialValues: initial,
    validate: { email: (value) => (/^\S+@\S+\.?\S*$/.test(value.trim()) ? null : t("new.emailWrong")) },
  });
  return (
    <form className="card" onSubmit={form.onSubmit(onDone)} noValidate>
      <Stack gap="lg">
        <TextInput
          label={t("new.email")}
          description={t("new.emailHint")}
          type="email"
          name="customer-email"
          autoComplete="off"
          size="md"
          maxLength={254}
          data-autofocus
          data-testid="new-email"
          {...form.getInputProps("email")}
        />
        <div>
          <Text size="sm" fw={500} mb={6} id="mail-language">
            {t("new.language")}
          </Text>
          <SegmentedControl
            aria-labelledby="mail-language"
            data={[
              { value: "de", label: "Deutsch" },
              { value: "en", label: "English" },
            ]}
            data-testid="new-locale"
            {...form.getInputProps("locale")}
          />
        </div>
        <Textarea
          label={t("new.note")}
          description={t("new.noteHint")}
          rows={3}
          maxLength={NOTE_MAX}
          data-testid="new-note"
          {...form.getInputProps("note")}
        />
        <Group justify="flex-end">
          <Button type="submit" data-testid="new-next">
            {t("next")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
