"""The rules of the night, one module a rule; in which order they are asked is the enforcer's."""
