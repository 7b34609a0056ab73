"""How plans, proposals, messages and settings are shown: tables, or one documented JSON object."""
