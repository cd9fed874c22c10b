"""Whatever is typed as a condition is evaluated, or refused in one line that ends in its column.

GATESTEP_FUZZ says how many conditions are tried; without it there are a few hundred.
"""

import os
import random
import re

from conditions_typed import mutated
from gatestep.engine import Known, Prediction, WordNetwork, WrongCondition, find

CASES = int(os.environ.get("GATESTEP_FUZZ", "400"))
SEED = int(os.environ.get("GATESTEP_FUZZ_SEED", "0"))


def test_whatever_is_typed_is_evaluated_or_refused_in_one_line(word_network: WordNetwork) -> None:
    rng = random.Random(SEED)
    trace = word_network.trace("my name is Ahmad , my name")
    known = Known(
        Prediction(trace, word_network.vocabulary, ("name", None, "Ahmad", ",", None, None, None)), ("a", "b", "c")
    )
    found = 0
    for _ in range(CASES):
        text = mutated(rng)
        try:
            hits = find(trace, text, known)
        except WrongCondition as error:
            refused = error
        else:
            assert all(0 <= hit.t < len(trace) for hit in hits), text
            found += 1
            continue
        assert re.search(r", at column [0-9]+$", str(refused)), (text, refused)
        assert str(refused).isprintable(), (text, refused)
        assert 1 <= refused.column <= len(text) + 1, (text, refused)
    assert 0 < found < CASES
