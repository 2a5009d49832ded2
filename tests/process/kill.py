#!/usr/bin/env -S python3 -B
"""kill: hub and nodes are killed at random moments while they publish; in the
end the figures are those of an undisturbed run.

    kill.py [SEED]      another seed than the day's; it is printed
"""
import random
import sys
import time

import net as lib

FIRST = lib.month_before(64)
NODES = ['north', 'south']
KILLS = 30
PERIODS = lib.years(FIRST)


def prepare(net, hub):
    """A new hub, and the two nodes as they were before they joined."""
    net.make_hub(hub, NODES)
    net.start(hub)
    for name in NODES:
        lib.same_files(net.dir('base-' + name), net.dir(name))
        net.join(name, hub=hub)


def undisturbed(net):
    prepare(net, 'hub-calm')
    for name in NODES:
        net.start(name)
    net.wait_settled(NODES, 100)
    figures = net.figures(PERIODS, 'hub-calm')
    totals = net.hub_totals('hub-calm')
    net.stop_all()
    return figures, totals


def disturbed(net, rng):
    """Returns how often something was still on its way when it was hit."""
    prepare(net, 'hub-wild')
    for name in NODES:
        net.start(name)
    midway = 0
    for _ in range(KILLS):
        time.sleep(rng.uniform(0.02, 0.25))
        victim = rng.choice(NODES + ['hub-wild'])
        net.kill(victim)
        midway += not all(net.settled(n, 100) for n in NODES)
        net.start(victim)
    net.wait_settled(NODES, 100)
    return midway


def story(tap, net):
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else \
        lib.today().toordinal()
    print('# seed', seed, flush=True)
    net.few_tables()
    for i, name in enumerate(NODES):
        net.make_node('base-' + name, FIRST, 900, 6, i + 1)
    figures, totals = undisturbed(net)
    midway = disturbed(net, random.Random(seed))
    print('# %d of %d kills in the middle of it' % (midway, KILLS))

    got = net.figures(PERIODS, 'hub-wild')
    tap.check('the figures are those of an undisturbed run', got == figures,
              lib.differences(got, figures))
    tap.equal('the hub holds as much', net.hub_totals('hub-wild'), totals)
    tap.equal('and what the ledgers say', net.hub_totals('hub-wild'),
              {n.title(): net.ledger(n) for n in NODES})
    for name in NODES:
        said = net.ccfed('ledger', 'verify', '-d', net.dir(name))
        tap.check('%s: the ledger is whole' % name,
                  'hold the same releases' in said, said)
    tap.check('no alarm was raised',
              all(r['trouble'] == 'none' for r in net.status('hub-wild')),
              net.status('hub-wild'))
    tap.check('some kills came in the middle of it', midway > 0, midway)


if __name__ == '__main__':
    lib.run(story)
