"""Builds and signs the Support Session app for Windows, on Linux. Not part of the app, nor of the server."""
