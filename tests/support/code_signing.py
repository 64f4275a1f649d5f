"""Throw-away authorities for code signing, publishers below them, and small Windows programs to sign."""

import datetime
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SOURCE = 'static const volatile char text[] = "%s"; int main(void) { return text[0] != %d; }\n'

_AUTHORITY_USAGES = [ExtendedKeyUsageOID.CODE_SIGNING, ExtendedKeyUsageOID.TIME_STAMPING]
"""What the authority's own certificate is limited to, as those of real authorities are."""


@dataclass(frozen=True)
class Holder:
    """Somebody with a key and a certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def pfx(self, file: Path, password: str, *chain: x509.Certificate) -> Path:
        data = pkcs12.serialize_key_and_certificates(
            b"publisher",
            self.key,
            self.certificate,
            chain,
            serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption(),
        )
        file.write_bytes(data)
        return file


class Authority:
    """A root that signs itself, or an authority below another one; ``file`` is its certificate as PEM."""

    def __init__(self, folder: Path, name: str = "Test Code Signing Root", above: "Authority | None" = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = above or self
        self.certificate = (
            _builder(self._name, issuer._name, self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
            .add_extension(_key_usage(certificates=True), True)
            .add_extension(x509.ExtendedKeyUsage(_AUTHORITY_USAGES), False)
            .sign(issuer._key, hashes.SHA256())
        )
        self.file = folder / "authority.pem"
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def publisher(self, name: str, usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.CODE_SIGNING) -> Holder:
        """Issue a certificate for an organisation of this name."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = x509.Name(
            [x509.NameAttribute(NameOID.ORGANIZATION_NAME, name), x509.NameAttribute(NameOID.COMMON_NAME, name)]
        )
        issued = (
            _builder(subject, self._name, key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
            .add_extension(_key_usage(certificates=False), True)
            .add_extension(x509.ExtendedKeyUsage([usage]), True)
            .sign(self._key, hashes.SHA256())
        )
        return Holder(key, issued)


def _builder(subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )


def _key_usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def windows_program(file: Path, text: str = "Zuruf") -> Path:
    """Compile a Windows program that holds ``text``; the same text gives the same bytes."""
    source = file.with_suffix(".c")
    source.write_text(SOURCE % (text, ord(text[0])))
    command = ["x86_64-w64-mingw32-gcc", "-Os", "-s", "-Wl,--no-insert-timestamp", "-o", str(file), str(source)]
    subprocess.run(command, check=True)
    source.unlink()
    return file


def sign_with_files(program: Path, output: Path, holder: Holder, *options: str) -> Path:
    """Sign with osslsigncode directly, from key and certificate files made beside the output and removed."""
    key, certificate = output.with_suffix(".key"), output.with_suffix(".crt")
    key.write_bytes(holder.key_pem())
    certificate.write_bytes(holder.pem())
    command = ["osslsigncode", "sign", "-certs", str(certificate), "-key", str(key), "-h", "sha256", *options]
    subprocess.run([*command, "-in", str(program), "-out", str(output)], check=True, stdout=subprocess.DEVNULL)
    key.unlink()
    certificate.unlink()
    return output
