"""The Support Session app's file: checked against its description, then served byte for byte."""
