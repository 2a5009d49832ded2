#!/usr/bin/env -S python3 -B
"""road: a hub and two nodes as processes: join, run, and the state's figures
are what the nodes' ledgers say."""
import json
import signal

import net as lib

FIRST = lib.month_before(20)
NODES = ['north', 'south']


def states_row_adds_up(rows):
    """Is the state's row the sum of the regions', for each stratum?"""
    state = {r['stratum']: r for r in rows if r['region'] is None}
    for s, row in state.items():
        regions = [r for r in rows if r['region'] and r['stratum'] == s]
        for key in 'low', 'denominator_low':
            if row[key] != sum(r[key] for r in regions):
                return False
    return bool(state)


def hub_is_silent(tap, net):
    """It is killed, and comes back."""
    def trouble():
        return net.status('north')[0]['trouble']

    heard = net.status('north')[0]['heard']
    net.kill('hub')
    net.wait('the node notes that the hub is silent',
             lambda: 'has not answered since' in trouble())
    p = net.try_ccfed('ledger', 'verify', '-d', net.dir('north'), '--format',
                      'json')
    tap.check('ledger verify could not ask', p.returncode == 1 and
              json.loads(p.stdout)['rows'][0]['hub'] == 'not reached' and
              'could not be reached' in p.stderr, p.stdout, p.stderr)
    net.start('hub')
    net.wait('and that it answers again', lambda: trouble() == 'none')
    after = net.status('north')[0]
    tap.check('when it was last heard is kept', after['heard'] > heard and
              after['daemon'] == 'running', heard, after)


def story(tap, net):
    net.make_hub(regions=NODES)
    for i, name in enumerate(NODES):
        net.make_node(name, FIRST, 600, 2, i + 1)
        net.set_option(name, 'hub', 'heartbeat_s = 1\ndeadline_s = 1')
    net.start('hub')
    for name in NODES:
        net.join(name)
        net.start(name)
    net.wait_settled(NODES, 30)

    ledgers = {n.title(): net.ledger(n) for n in NODES}
    tap.check('much was published', all(r > 30 and e > 30 and o > 300
                                        for r, e, o in ledgers.values()),
              ledgers)
    tap.equal('the hub holds what the ledgers say', net.hub_totals(), ledgers)
    sums = net.rows('status', '--sums', '-d', net.dir('hub'))
    tap.equal('its sums by table and view add up to the same',
              sum(r['occurrences'] for r in sums if r['view'] == 'detail'),
              sum(o for _, _, o in ledgers.values()))
    for name in NODES:
        said = net.ccfed('ledger', 'verify', '-d', net.dir(name))
        tap.check('%s: ledger verify, beside the daemon' % name,
                  'hold the same releases' in said, said)

    year = lib.years(FIRST)[-2]
    out = json.loads(net.ccfed('measure', 'show', 'M10', '-d',
                               net.dir('hub'), '--by', 'region,need',
                               '--period', year, '--format', 'json'))
    tap.check('figures say that they are synthetic',
              'ynthetic' in out['notice'], out['notice'])
    tap.check('the state is the sum of its regions',
              states_row_adds_up(out['rows']), out['rows'])
    tap.check('no trouble is noted',
              all(r['trouble'] == 'none' for r in net.status('hub')) and
              all(net.status(n)[0]['trouble'] == 'none' for n in NODES))
    hub_is_silent(tap, net)
    for name in NODES + ['hub']:
        tap.equal('%s ends by itself when asked to' % name,
                  net.kill(name, signal.SIGTERM), 0)


if __name__ == '__main__':
    lib.run(story)
