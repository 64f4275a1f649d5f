/**
 * Names for the contract's shapes. They are generated from the server's OpenAPI document, where the closed sets of
 * words are plain strings; here they get their words.
 */
import type { components } from "../generated/api";

type Schemas = components["schemas"];

export type Locale = "de" | "en";
export type Plan = "basic" | "plus" | "premier" | "base";
export type Tool = "remote_control" | "file_manager" | "dashboard";
export type SessionState = "prepared" | "pairing" | "active" | "ended";
export type EndReason = "technician" | "customer" | "expired" | "cancelled" | "lapsed";
export type Removal = "none" | "pending" | "confirmed" | "unconfirmed";
export type MailState = "queued" | "sent" | "failed";

export interface Me extends Omit<Schemas["Me"], "user" | "company" | "entitlements"> {
  user: Omit<Schemas["UserOut"], "role" | "locale"> & { role: "technician" | "administrator"; locale: Locale };
  company: Omit<Schemas["CompanyOut"], "plan" | "locale"> & { plan: Plan; locale: Locale };
  entitlements: Tool[];
}

export interface Progress extends Omit<Schemas["ProgressOut"], "mail_state"> {
  mail_state: MailState;
}

export interface Session
  extends Omit<Schemas["SessionOut"], "state" | "locale" | "end_reason" | "removal" | "progress"> {
  state: SessionState;
  locale: Locale;
  end_reason: EndReason | null;
  removal: Removal;
  progress: Progress;
}

export interface Invitation extends Omit<Schemas["InvitationOut"], "state"> {
  state: MailState;
}

/** Whether customers get the app, and if not, why. */
export type AppInfo = Schemas["AppOut"];
export type Receipt = Schemas["ReceiptOut"];
export type ReceiptFacts = Schemas["ReceiptFacts"];

export type LiveCode = Schemas["CodeIssuedOut"];
