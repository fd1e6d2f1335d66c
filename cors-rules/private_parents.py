#!/usr/bin/env python3
"""Writes src/private_parents.txt: the domains above private suffixes, each with one such suffix.

The crate `psl` answers whether a domain is a public suffix, and not whether one is below it. Its
package has the rules as a text, one a line:

    ./private_parents.py < ~/.cargo/registry/src/*/psl-*/data/rules.txt > src/private_parents.txt
"""

import sys

rules = [line.strip() for line in sys.stdin if line.strip() and not line.startswith("!")]
suffixes = {rule.removeprefix("*.") for rule in rules}
parents = {}
for suffix in sorted(suffixes):
    labels = suffix.split(".")
    for start in range(1, len(labels)):
        parent = ".".join(labels[start:])
        if parent in suffixes:
            break
        # Of several suffixes, the shortest says most.
        best = min(parents.get(parent, suffix), suffix, key=lambda text: (len(text), text))
        parents[parent] = best
for parent in sorted(parents):
    print(parent, parents[parent])
