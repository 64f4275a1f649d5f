"""What the operator builds in before signing. The defaults are those of a development build."""

APP_VERSION = "0.1.0"
"""As in pyproject.toml; a bundle carries no package metadata."""
SERVER_URL = ""
"""The server's public address, for example ``https://help.example``. Empty only in a development build."""
CERTIFICATE_AUTHORITY = ""
"""PEM text of the operator's own authority; empty: the computer's authorities."""
DEVELOPMENT = True
"""Only a development build takes ``--server`` and ``--ca``, and an address without TLS."""
BRAND = "Zuruf"
"""The operator's name, as the customer knows it: in the window's title."""
INSTALLED_HOSTS: tuple[tuple[str, str, str], ...] = (
    ("LogMeIn", "service", "LogMeIn"),
    ("LogMeIn", "service", "LMIGuardianSvc"),
    ("LogMeIn", "registry", r"SOFTWARE\LogMeIn"),
)
"""Host software beside which no ad-hoc session starts: name, kind (service, registry, file), and the service, key
below HKLM or file."""
