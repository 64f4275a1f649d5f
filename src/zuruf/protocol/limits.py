"""Sizes and counts that every end enforces, checked before anything is allocated. Bytes unless named otherwise."""

CODE_DIGITS = 9
CODE_TRIES = 5
CODE_LIFETIME_S = 600
SESSION_NUMBER_DIGITS = 10
SESSION_DURATION_S = 24 * 3600
LINK_LIFETIME_S = 24 * 3600

PASSWORD_MIN_LENGTH = 10
PASSWORD_MAX_LENGTH = 128
PASSWORD_MIN_UNPREDICTABLE = 7
"""Characters that neither repeat their predecessor nor follow it in the alphabet, and are different from each other."""
PRS_PBKDF2_ROUNDS = 210_000
PRS_LENGTH = 64
SALT_LENGTH = 16

PASSWORD_TRIES_BEFORE_PAUSE = 10
PASSWORD_PAUSE_S = 300
PASSWORD_TRIES_PER_SESSION = 50

TICKET_LENGTH = 32
TICKET_LIFETIME_S = 30

CONTROL_MESSAGE_MAX = 16 * 1024
PAIRING_MESSAGE_MAX = 4 * 1024
HANDSHAKE_MESSAGE_MAX = 3 * 1024
SEALED_SETTINGS_MAX = 2 * 1024
"""Holds the longest settings: two names of 200 characters at four bytes, eight tools, salt, PRS, tag."""
RELAY_HELLO_MAX = 256
RELAY_MESSAGE_MAX = 1024 * 1024
"""Largest opaque message the relay forwards: one record of the secure channel with its tag."""
RECORD_PLAINTEXT_MAX = RELAY_MESSAGE_MAX - 16
INTEGER_MAX = 2**53 - 1
"""Largest integer on the wire: what JavaScript holds exactly."""

CLIPBOARD_TEXT_MAX = 256 * 1024
TEXT_INPUT_MAX = 4 * 1024
SCREEN_SIDE_MAX = 16384
CURSOR_SIDE_MAX = 256

CONTROL_PING_INTERVAL_S = 15
CONTROL_PING_TIMEOUT_S = 20
"""A half-open control socket is noticed after at most interval + timeout: 35 s."""
