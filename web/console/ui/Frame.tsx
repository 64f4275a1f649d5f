/** Header, navigation and notices around every page behind signing in. */

import { Avatar, Badge, Container, Group, Menu, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconLanguage, IconLogout, IconWifiOff } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { NavLink } from "react-router";
import { api } from "../api/client";
import { forgetEverybody } from "../api/queries";
import type { Me } from "../api/types";
import { chooseLocale, useText } from "../i18n";
import { useLive } from "../live/LiveUpdates";
import { closeAllPairings } from "../pairing/registry";
import { vault } from "../pairing/vault";
import { paths } from "../paths";
import classes from "./Frame.module.css";
import { Logo } from "./Logo";
import { Notice } from "./Notice";

const PLAN_NAMES = { basic: "Basic", plus: "Plus", premier: "Premier", base: "Base" } as const;

export function planName(company: Me["company"]): string {
  return company.insight ? `${PLAN_NAMES[company.plan]} + Insight` : PLAN_NAMES[company.plan];
}

export function Frame({ me, children }: { me: Me; children: ReactNode }) {
  const { t } = useText();
  const live = useLive();
  return (
    <>
      <a href="#main" className="skip-link">
        {t("frame.skip")}
      </a>
      <header className={classes.header}>
        <Container size={1120} className={classes.bar}>
          <NavLink to={paths.sessions} end className={classes.logo ?? ""} aria-label={t("frame.home")}>
            <Logo />
          </NavLink>
          <nav className={classes.nav} aria-label={t("frame.navigation")}>
            <NavLink to={paths.sessions} end className={classes.link ?? ""}>
              {t("sessions.title")}
            </NavLink>
            <NavLink to={paths.history} className={classes.link ?? ""}>
              {t("history.title")}
            </NavLink>
          </nav>
          <ProfileMenu me={me} />
        </Container>
      </header>
      <Container
        component="main"
        id="main"
        size={1120}
        py={{ base: "lg", sm: 40 }}
        tabIndex={-1}
        className={classes.main ?? ""}
      >
        <div aria-live="polite" className={classes.news}>
          {!live && (
            <Notice tone="warm" icon={IconWifiOff} data-testid="live-lost">
              {t("frame.liveLost")}
            </Notice>
          )}
        </div>
        {children}
      </Container>
    </>
  );
}

function ProfileMenu({ me }: { me: Me }) {
  const { t, locale } = useText();
  const client = useQueryClient();
  const signOut = useMutation({
    mutationFn: api.signOut,
    onSuccess: () => {
      closeAllPairings();
      vault.forgetAll();
      forgetEverybody(client);
    },
  });
  return (
    <Menu position="bottom-end" width={250} shadow="md">
      <Menu.Target>
        <UnstyledButton
          className={classes.profile ?? ""}
          aria-label={t("profile.menu", { name: me.user.name })}
          data-testid="profile-menu"
        >
          <Avatar name={me.user.name} color="initials" size={34} />
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.identity}>
          <Text fw={600} size="sm">
            {me.user.name}
          </Text>
          <Text size="xs" c="dimmed">
            {me.user.email}
          </Text>
          <Group gap={8} mt={10}>
            <Text size="xs">{me.company.name}</Text>
            <Badge size="sm" tt="none" data-testid="plan">
              {t("profile.plan", { plan: planName(me.company) })}
            </Badge>
          </Group>
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLanguage size={16} aria-hidden />}
          lang={locale === "de" ? "en" : "de"}
          onClick={() => chooseLocale(locale === "de" ? "en" : "de")}
          data-testid="switch-language"
        >
          {locale === "de" ? "English" : "Deutsch"}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => signOut.mutate()}
          data-testid="sign-out"
        >
          {t("profile.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
