"""Say how well the search finds what people ask, and why it does not: `python scripts/finding.py`.

For each set of queries, with the entries' own words and without any, prints how many find an answer first, in
three and in eight, the MRR, and how many miss it by each cause. `--show SET` prints that set's misses, too.
Who does that with the sealed set has opened it: it joins the unseen ones, and another is written.
"""

import argparse
import tempfile
from pathlib import Path

import environment

if __name__ == "__main__":
    environment.enter(__file__)
    from tests import finding

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", choices=finding.SETS)
    shown = parser.parse_args().show
    playbook = finding.reference_playbook()
    with tempfile.TemporaryDirectory() as home:
        for words in (True, False):
            site = finding.make_site(Path(home) / f"{words}", words=words)
            for name in (shown,) if shown else finding.SETS:
                figures = finding.measure(site, finding.queries_of(name), playbook)
                environment.say("finding-words" if words else "finding-none", name=name, figures=figures)
                for cause, count in figures.causes():
                    if count:
                        print(f"  {count:4}  {playbook.say(f'search-command.cause.{cause}')}")
                for missed in figures.missed if shown else ():
                    print(f"  {missed.cause:9} {missed.place:3}  {missed.query}  {', '.join(missed.expect)}")
    if shown == "sealed":
        environment.say("finding-opened")
