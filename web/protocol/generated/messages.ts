// Written by scripts/generate_protocol_ts.py from src/zuruf/protocol. Change it there.
import { type Bytes, bool, bytes, int, list, type MessageRule, text, type UnionRule } from "../rules";

export const PROTOCOL_VERSION = 1;

/** Sizes and counts that every end enforces; bytes unless named otherwise. */
export const limits = {
  CODE_DIGITS: 9,
  CODE_TRIES: 5,
  CODE_LIFETIME_S: 600,
  SESSION_NUMBER_DIGITS: 10,
  SESSION_DURATION_S: 86400,
  LINK_LIFETIME_S: 86400,
  PASSWORD_MIN_LENGTH: 10,
  PASSWORD_MAX_LENGTH: 128,
  PASSWORD_MIN_UNPREDICTABLE: 7,
  PRS_PBKDF2_ROUNDS: 210000,
  PRS_LENGTH: 64,
  SALT_LENGTH: 16,
  PASSWORD_TRIES_BEFORE_PAUSE: 10,
  PASSWORD_PAUSE_S: 300,
  PASSWORD_TRIES_PER_SESSION: 50,
  TICKET_LENGTH: 32,
  TICKET_LIFETIME_S: 30,
  CONTROL_MESSAGE_MAX: 16384,
  PAIRING_MESSAGE_MAX: 4096,
  HANDSHAKE_MESSAGE_MAX: 3072,
  SEALED_SETTINGS_MAX: 2048,
  RELAY_HELLO_MAX: 256,
  RELAY_MESSAGE_MAX: 1048576,
  RECORD_PLAINTEXT_MAX: 1048560,
  INTEGER_MAX: 9007199254740991,
  CLIPBOARD_TEXT_MAX: 262144,
  TEXT_INPUT_MAX: 4096,
  SCREEN_SIDE_MAX: 16384,
  CURSOR_SIDE_MAX: 256,
  CONTROL_PING_INTERVAL_S: 15,
  CONTROL_PING_TIMEOUT_S: 20,
} as const;

/** Error codes that a person may see. */
export const codes = {
  NOT_SIGNED_IN: "ZRF-101",
  WRONG_CREDENTIALS: "ZRF-102",
  TOO_MANY_ATTEMPTS: "ZRF-103",
  FORBIDDEN: "ZRF-104",
  WRONG_ORIGIN: "ZRF-105",
  SESSION_NOT_FOUND: "ZRF-201",
  USER_LIMIT_REACHED: "ZRF-202",
  COMPANY_LIMIT_REACHED: "ZRF-203",
  SESSION_ENDED: "ZRF-204",
  WRONG_STATE: "ZRF-205",
  LINK_LAPSED: "ZRF-206",
  NO_CODE_LIVE: "ZRF-301",
  CODE_DEAD: "ZRF-302",
  WRONG_CODE: "ZRF-303",
  ANOTHER_APP_PAIRS: "ZRF-304",
  TECHNICIAN_AWAY: "ZRF-305",
  PAIRING_TIMEOUT: "ZRF-306",
  APP_TOO_OLD: "ZRF-307",
  HANDSHAKE_BROKEN: "ZRF-308",
  TICKET_INVALID: "ZRF-401",
  TOOL_NOT_IN_PLAN: "ZRF-402",
  HOST_OFFLINE: "ZRF-403",
  WRONG_PASSWORD: "ZRF-404",
  PASSWORD_PAUSE: "ZRF-405",
  PASSWORD_CLOSED: "ZRF-406",
  CUSTOMER_REFUSED: "ZRF-407",
  PEER_LEFT: "ZRF-408",
  MESSAGE_TOO_LARGE: "ZRF-409",
  TOOL_NOT_AVAILABLE: "ZRF-410",
  NOT_ADMINISTRATOR: "ZRF-501",
  HOST_ALREADY_INSTALLED: "ZRF-502",
  SYSTEM_TOO_OLD: "ZRF-503",
  NO_CONNECTION: "ZRF-504",
  UNKNOWN_NUMBER: "ZRF-505",
  NO_SCREEN: "ZRF-506",
  MAIL_FAILED: "ZRF-601",
  BAD_INPUT: "ZRF-901",
  MALFORMED_MESSAGE: "ZRF-902",
  INTERNAL: "ZRF-903",
  NOT_FOUND: "ZRF-904",
} as const;
export type Code = (typeof codes)[keyof typeof codes];

/** WebSocket close codes of ours. */
export const closeCodes = {
  MALFORMED: 4400,
  NOT_ADMITTED: 4401,
  WRONG_ORIGIN: 4403,
  PARTNER_MISSING: 4408,
  REPLACED: 4409,
  SESSION_ENDED: 4410,
  TOO_LARGE: 4413,
  TOO_MANY: 4429,
  PARTNER_LEFT: 4490,
} as const;

/** Kinds of rectangle in an update. */
export const rectangles = {
  SOLID: 0,
  PALETTE: 1,
  RGB: 2,
} as const;

/** App's first message: which session it wants to pair with. Repeated for each further try (a run each). */
export interface HostHello {
  readonly t: "host_hello";
  readonly number: string;
  readonly protocol: number;
  readonly app_version: string;
  readonly platform: string;
}

const hostHelloRule: MessageRule = {
  name: "host_hello",
  tag: "host_hello",
  fields: [
    { name: "number", allows: text(0, Number.POSITIVE_INFINITY, /^[0-9]{10}$/) },
    { name: "protocol", allows: int(0, 9007199254740991) },
    { name: "app_version", allows: text(0, 200) },
    { name: "platform", allows: text(0, 200) },
  ],
};

/** Console's first message: a ticket from `POST /api/v1/sessions/{id}/pairing-ticket`. */
export interface ConsoleHello {
  readonly t: "console_hello";
  readonly ticket: Bytes;
}

const consoleHelloRule: MessageRule = {
  name: "console_hello",
  tag: "console_hello",
  fields: [
    { name: "ticket", allows: bytes(32, 32) },
  ],
};

/** The console is admitted. */
export interface ConsoleReady {
  readonly t: "console_ready";
}

const consoleReadyRule: MessageRule = {
  name: "console_ready",
  tag: "console_ready",
  fields: [
  ],
};

/** To both ends: a try begins. The host answers with its offer. */
export interface RunStarted {
  readonly t: "run_started";
  readonly run_id: string;
  readonly session_id: string;
  readonly tries_left: number;
  readonly platform: string;
  readonly app_version: string;
}

const runStartedRule: MessageRule = {
  name: "run_started",
  tag: "run_started",
  fields: [
    { name: "run_id", allows: text(36, 36) },
    { name: "session_id", allows: text(36, 36) },
    { name: "tries_left", allows: int(0, 9007199254740991) },
    { name: "platform", allows: text(0, 200), default: "" },
    { name: "app_version", allows: text(0, 200), default: "" },
  ],
};

/** One handshake message, unread by the server. */
export interface Forward {
  readonly t: "forward";
  readonly run_id: string;
  readonly payload: Bytes;
}

const forwardRule: MessageRule = {
  name: "forward",
  tag: "forward",
  fields: [
    { name: "run_id", allows: text(36, 36) },
    { name: "payload", allows: bytes(0, 3072) },
  ],
};

/** From either end: this try is over without success (wrong code, broken message). */
export interface RunFailed {
  readonly t: "run_failed";
  readonly run_id: string;
  readonly code: string;
}

const runFailedRule: MessageRule = {
  name: "run_failed",
  tag: "run_failed",
  fields: [
    { name: "run_id", allows: text(36, 36) },
    { name: "code", allows: text(0, 200) },
  ],
};

/** To both ends. `code` empty: success, the browser registered the host's key and the host may dial control. */
export interface RunEnded {
  readonly t: "run_ended";
  readonly run_id: string;
  readonly code: string;
  readonly tries_left: number;
}

const runEndedRule: MessageRule = {
  name: "run_ended",
  tag: "run_ended",
  fields: [
    { name: "run_id", allows: text(36, 36) },
    { name: "code", allows: text(0, 200) },
    { name: "tries_left", allows: int(0, 9007199254740991) },
  ],
};

/** The server does not let this app pair now; `code` says why. */
export interface Refused {
  readonly t: "refused";
  readonly code: string;
}

const refusedRule: MessageRule = {
  name: "refused",
  tag: "refused",
  fields: [
    { name: "code", allows: text(0, 200) },
  ],
};

/** First message of both ends. */
export interface RelayHello {
  readonly t: "relay_hello";
  readonly ticket: Bytes;
  readonly role: "host" | "viewer";
}

const relayHelloRule: MessageRule = {
  name: "relay_hello",
  tag: "relay_hello",
  fields: [
    { name: "ticket", allows: bytes(32, 32) },
    { name: "role", allows: text(0, Number.POSITIVE_INFINITY, /^(host|viewer)$/) },
  ],
};

/** Both ends are there; every further message is forwarded unread. */
export interface RelayPaired {
  readonly t: "relay_paired";
}

const relayPairedRule: MessageRule = {
  name: "relay_paired",
  tag: "relay_paired",
  fields: [
  ],
};

/** Host → browser, first. `salt` is empty when pairing, the PRS's salt when connecting. */
export interface HostOffer {
  readonly t: "host_offer";
  readonly protocol: number;
  readonly ya: Bytes;
  readonly host_key: Bytes;
  readonly salt: Bytes;
}

const hostOfferRule: MessageRule = {
  name: "host_offer",
  tag: "host_offer",
  fields: [
    { name: "protocol", allows: int(0, 9007199254740991) },
    { name: "ya", allows: bytes(32, 32) },
    { name: "host_key", allows: bytes(32, 32) },
    { name: "salt", allows: bytes(0, 16) },
  ],
};

/** Host → browser instead of an offer: not now. Not authenticated: it only explains. */
export interface HostRefusal {
  readonly t: "host_refusal";
  readonly code: string;
  readonly retry_after_s: number;
}

const hostRefusalRule: MessageRule = {
  name: "host_refusal",
  tag: "host_refusal",
  fields: [
    { name: "code", allows: text(0, 200) },
    { name: "retry_after_s", allows: int(0, 9007199254740991) },
  ],
};

/** Browser → host. */
export interface BrowserAnswer {
  readonly t: "browser_answer";
  readonly yb: Bytes;
}

const browserAnswerRule: MessageRule = {
  name: "browser_answer",
  tag: "browser_answer",
  fields: [
    { name: "yb", allows: bytes(32, 32) },
  ],
};

/** Host → browser: proof that the host knows the secret. Sending it is a try, until the browser's proof arrives. */
export interface HostConfirm {
  readonly t: "host_confirm";
  readonly mac: Bytes;
}

const hostConfirmRule: MessageRule = {
  name: "host_confirm",
  tag: "host_confirm",
  fields: [
    { name: "mac", allows: bytes(64, 64) },
  ],
};

/** Browser → host: proof of the browser; `sealed` holds a `Settings` under the paired key when pairing. */
export interface BrowserConfirm {
  readonly t: "browser_confirm";
  readonly mac: Bytes;
  readonly sealed: Bytes;
}

const browserConfirmRule: MessageRule = {
  name: "browser_confirm",
  tag: "browser_confirm",
  fields: [
    { name: "mac", allows: bytes(64, 64) },
    { name: "sealed", allows: bytes(0, 2048) },
  ],
};

/** What the technician's browser hands the host at pairing, sealed: never seen by the server. */
export interface Settings {
  readonly t: "settings";
  readonly duration_s: number;
  readonly tools: readonly ("remote_control" | "file_manager" | "dashboard")[];
  readonly salt: Bytes;
  readonly prs: Bytes;
  readonly technician: string;
  readonly company: string;
}

const settingsRule: MessageRule = {
  name: "settings",
  tag: "settings",
  fields: [
    { name: "duration_s", allows: int(60, 86400) },
    { name: "tools", allows: list(8, text(0, Number.POSITIVE_INFINITY, /^(remote_control|file_manager|dashboard)$/)) },
    { name: "salt", allows: bytes(16, 16) },
    { name: "prs", allows: bytes(64, 64) },
    { name: "technician", allows: text(0, 200) },
    { name: "company", allows: text(0, 200) },
  ],
};

/** Host → viewer: size of the picture in pixels; the first message, and after every mode change. */
export interface ScreenInfo {
  readonly t: "screen_info";
  readonly width: number;
  readonly height: number;
}

const screenInfoRule: MessageRule = {
  name: "screen_info",
  tag: 1,
  fields: [
    { name: "width", allows: int(1, 16384) },
    { name: "height", allows: int(1, 16384) },
  ],
};

/** Host → viewer: part of a frame; the frame is complete with `last`. */
export interface Update {
  readonly t: "update";
  readonly frame: number;
  readonly last: boolean;
  readonly data: Bytes;
}

const updateRule: MessageRule = {
  name: "update",
  tag: 2,
  fields: [
    { name: "frame", allows: int(0, 9007199254740991) },
    { name: "last", allows: bool },
    { name: "data", allows: bytes(0, Number.POSITIVE_INFINITY) },
  ],
};

/** Host → viewer: pointer shape; `rgba` is not premultiplied, width × height × 4 bytes; 0 × 0 hides it. */
export interface Cursor {
  readonly t: "cursor";
  readonly width: number;
  readonly height: number;
  readonly hot_x: number;
  readonly hot_y: number;
  readonly rgba: Bytes;
}

const cursorRule: MessageRule = {
  name: "cursor",
  tag: 3,
  fields: [
    { name: "width", allows: int(0, 256) },
    { name: "height", allows: int(0, 256) },
    { name: "hot_x", allows: int(0, 256) },
    { name: "hot_y", allows: int(0, 256) },
    { name: "rgba", allows: bytes(0, 262144) },
  ],
};

/** Both ways: the clipboard's text changed. */
export interface Clipboard {
  readonly t: "clipboard";
  readonly text: string;
}

const clipboardRule: MessageRule = {
  name: "clipboard",
  tag: 4,
  fields: [
    { name: "text", allows: text(0, 262144) },
  ],
};

/** Host → viewer: what the customer allows at this moment. */
export interface Rights {
  readonly t: "rights";
  readonly view: boolean;
  readonly control: boolean;
  readonly clipboard: boolean;
}

const rightsRule: MessageRule = {
  name: "rights",
  tag: 5,
  fields: [
    { name: "view", allows: bool },
    { name: "control", allows: bool },
    { name: "clipboard", allows: bool },
  ],
};

/** Host → viewer: the host closes this connection; `code` is one of `codes.Code`. */
export interface Closing {
  readonly t: "closing";
  readonly code: string;
}

const closingRule: MessageRule = {
  name: "closing",
  tag: 6,
  fields: [
    { name: "code", allows: text(0, 200) },
  ],
};

/** Host → viewer: answer to Ping. */
export interface Pong {
  readonly t: "pong";
  readonly token: number;
}

const pongRule: MessageRule = {
  name: "pong",
  tag: 7,
  fields: [
    { name: "token", allows: int(0, 9007199254740991) },
  ],
};

/** Viewer → host: this frame and all before it are on the screen. */
export interface Ack {
  readonly t: "ack";
  readonly frame: number;
}

const ackRule: MessageRule = {
  name: "ack",
  tag: 32,
  fields: [
    { name: "frame", allows: int(0, 9007199254740991) },
  ],
};

/** Viewer → host: in the host's pixels. */
export interface PointerMove {
  readonly t: "pointer_move";
  readonly x: number;
  readonly y: number;
}

const pointerMoveRule: MessageRule = {
  name: "pointer_move",
  tag: 33,
  fields: [
    { name: "x", allows: int(0, 16383) },
    { name: "y", allows: int(0, 16383) },
  ],
};

/** Viewer → host: `button` as in DOM MouseEvent.button (0 left, 1 middle, 2 right, 3 back, 4 forward). */
export interface PointerButton {
  readonly t: "pointer_button";
  readonly x: number;
  readonly y: number;
  readonly button: number;
  readonly down: boolean;
}

const pointerButtonRule: MessageRule = {
  name: "pointer_button",
  tag: 34,
  fields: [
    { name: "x", allows: int(0, 16383) },
    { name: "y", allows: int(0, 16383) },
    { name: "button", allows: int(0, 4) },
    { name: "down", allows: bool },
  ],
};

/** Viewer → host: whole notches, positive is down and right. */
export interface Wheel {
  readonly t: "wheel";
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

const wheelRule: MessageRule = {
  name: "wheel",
  tag: 35,
  fields: [
    { name: "x", allows: int(0, 16383) },
    { name: "y", allows: int(0, 16383) },
    { name: "dx", allows: int(-50, 50) },
    { name: "dy", allows: int(-50, 50) },
  ],
};

/** Viewer → host: `code` is the position (KeyboardEvent.code), `key` the character or name (.key). */
export interface Key {
  readonly t: "key";
  readonly code: string;
  readonly key: string;
  readonly down: boolean;
}

const keyRule: MessageRule = {
  name: "key",
  tag: 36,
  fields: [
    { name: "code", allows: text(0, 200) },
    { name: "key", allows: text(0, 200) },
    { name: "down", allows: bool },
  ],
};

/** Viewer → host: characters to type where no key event fits (composition, dead keys, paste as typing). */
export interface Text {
  readonly t: "text";
  readonly text: string;
}

const textRule: MessageRule = {
  name: "text",
  tag: 37,
  fields: [
    { name: "text", allows: text(0, 4096) },
  ],
};

/** Viewer → host: the viewer lost the focus; release every key and button it holds. */
export interface ReleaseAll {
  readonly t: "release_all";
}

const releaseAllRule: MessageRule = {
  name: "release_all",
  tag: 38,
  fields: [
  ],
};

/** Viewer → host: round-trip probe. */
export interface Ping {
  readonly t: "ping";
  readonly token: number;
}

const pingRule: MessageRule = {
  name: "ping",
  tag: 39,
  fields: [
    { name: "token", allows: int(0, 9007199254740991) },
  ],
};

/** Viewer → host: send the whole picture again. */
export interface Refresh {
  readonly t: "refresh";
}

const refreshRule: MessageRule = {
  name: "refresh",
  tag: 40,
  fields: [
  ],
};

export type PairingMessage = HostHello | ConsoleHello | ConsoleReady | RunStarted | Forward | RunFailed | RunEnded | Refused;
export const pairingMessageRules: UnionRule = {
  arrayLike: false,
  limit: limits.PAIRING_MESSAGE_MAX,
  messages: [
    hostHelloRule,
    consoleHelloRule,
    consoleReadyRule,
    runStartedRule,
    forwardRule,
    runFailedRule,
    runEndedRule,
    refusedRule,
  ],
};

export const relayHelloRules: UnionRule = {
  arrayLike: false,
  limit: limits.RELAY_HELLO_MAX,
  messages: [
    relayHelloRule,
  ],
};

export const relayPairedRules: UnionRule = {
  arrayLike: false,
  limit: limits.RELAY_HELLO_MAX,
  messages: [
    relayPairedRule,
  ],
};

export type HandshakeMessage = HostOffer | HostRefusal | BrowserAnswer | HostConfirm | BrowserConfirm;
export const handshakeMessageRules: UnionRule = {
  arrayLike: false,
  limit: limits.HANDSHAKE_MESSAGE_MAX,
  messages: [
    hostOfferRule,
    hostRefusalRule,
    browserAnswerRule,
    hostConfirmRule,
    browserConfirmRule,
  ],
};

export const settingsRules: UnionRule = {
  arrayLike: false,
  limit: limits.SEALED_SETTINGS_MAX,
  messages: [
    settingsRule,
  ],
};

export type ToViewer = ScreenInfo | Update | Cursor | Clipboard | Rights | Closing | Pong;
export const toViewerRules: UnionRule = {
  arrayLike: true,
  limit: limits.RECORD_PLAINTEXT_MAX,
  messages: [
    screenInfoRule,
    updateRule,
    cursorRule,
    clipboardRule,
    rightsRule,
    closingRule,
    pongRule,
  ],
};

export type ToHost = Ack | PointerMove | PointerButton | Wheel | Key | Text | ReleaseAll | Ping | Refresh | Clipboard;
export const toHostRules: UnionRule = {
  arrayLike: true,
  limit: limits.RECORD_PLAINTEXT_MAX,
  messages: [
    ackRule,
    pointerMoveRule,
    pointerButtonRule,
    wheelRule,
    keyRule,
    textRule,
    releaseAllRule,
    pingRule,
    refreshRule,
    clipboardRule,
  ],
};
