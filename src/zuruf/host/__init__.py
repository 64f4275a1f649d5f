"""The Support Session app: the temporary host on the customer's PC. Read ``app.py`` first."""
