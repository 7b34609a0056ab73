"""What this machine knows of its own runs, quiet and failed ones too; the Journal is the base's."""
