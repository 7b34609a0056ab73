"""Where this machine stands: its time zone, and the country that it tells.

The default of a new base, as whoever lays one out mostly works where their machine is. A language
is no country, so nothing is taken from the language of the commands.
"""

from sheetsync.method.terms import Location


def machine_location() -> Location:
    """Return the machine's zone (IANA name) and its country; "" where it does not say.

    A machine on UTC, as most servers are, stands nowhere.
    """
    # Kept out of start-up, as only new bases ask.
    from babel import default_locale  # noqa: PLC0415
    from babel.core import get_global  # noqa: PLC0415
    from babel.localtime import get_localzone  # noqa: PLC0415

    zone = str(getattr(get_localzone(), "key", "") or "")
    is_anywhere = zone in ("UTC", "localtime", "") or zone.startswith("Etc/")
    if is_anywhere:
        zone = ""
    country = str(get_global("zone_territories").get(zone, ""))
    locale = default_locale(("LC_ALL", "LANG")) or ""
    territory = locale.replace("-", "_").partition("_")[2][:2]
    # Images of servers come as en_US, wherever they are put.
    of_locale = territory if territory.isalpha() and locale != "en_US" else ""
    return Location(
        country=country if country not in ("", "001", "ZZ") else of_locale,
        time_zone=zone,
    )
