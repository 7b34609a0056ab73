"""The same client standing twice, anywhere in the base: pairs with reasons, for a person to judge.

Nothing is merged, and nothing is decided by them: the reports and `check` ask for them.
"""

# A tax number decides alone. A phone, an e-mail or a name counts unless two tax numbers contradict
# it; an e-mail's domain needs a name beside it. Two different tax numbers are one client only where
# both the name and a contact are the same.

from sheetsync.rules.duplicates.evidence import Crowd, crowds
from sheetsync.rules.duplicates.pairs import Pair, find, reason_text

__all__ = ["Crowd", "Pair", "crowds", "find", "reason_text"]
