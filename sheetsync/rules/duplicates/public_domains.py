"""Providers of mailboxes: a domain there says nothing of whose the mailbox is."""

_PUBLIC = """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com rocketmail.com aol.com
    icloud.com me.com mac.com proton.me protonmail.com pm.me tutanota.com tuta.io zoho.com gmx.com gmx.de gmx.net
    web.de t-online.de freenet.de mail.com email.com fastmail.com hey.com orange.fr wanadoo.fr free.fr laposte.net
    libero.it btinternet.com comcast.net verizon.net att.net sbcglobal.net qq.com 163.com 126.com naver.com
    mail.ru internet.ru bk.ru list.ru inbox.ru xmail.ru vk.com yandex.ru yandex.com yandex.by yandex.kz yandex.ua ya.ru
    rambler.ru lenta.ru autorambler.ru myrambler.ru ro.ru pochta.ru hotbox.ru nm.ru nxt.ru qip.ru km.ru e1.ru ngs.ru
    tut.by mail.kz ukr.net i.ua meta.ua bigmir.net mail.ua online.ua
"""
PUBLIC = frozenset(_PUBLIC.split())
_FAMILIES = ("yahoo.co", "hotmail.", "outlook.", "live.")
"""Providers with a domain a country: yahoo.co.uk, hotmail.fr."""


def company_domain(email: str) -> str | None:
    """Return the domain of an e-mail address, or None where it is a public provider's."""
    domain = email.rpartition("@")[2]
    return None if not domain or domain in PUBLIC or domain.startswith(_FAMILIES) else domain
