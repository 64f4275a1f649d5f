"""The e-mail with the installation link."""
