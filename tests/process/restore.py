#!/usr/bin/env -S python3 -B
"""restore: an earlier copy of a node's directory is put back, then one of the
hub's, then a node is replaced by a new one; the figures stay the same."""
import time

import net as lib

FIRST = lib.month_before(30)
NODES = ['north', 'south']
PERIODS = lib.years(FIRST)


def save(net):
    """Copies of node and hub from before anything closed, and from when some
    releases were taken."""
    net.start('hub')
    for name in NODES:
        net.join(name)
    lib.same_files(net.dir('north'), net.dir('early-north'))
    for name in NODES:
        net.start(name)
    net.wait('a first release', lambda: net.status('north')[0]['taken'] > 0)
    for name in NODES + ['hub']:
        net.kill(name)
    for name in 'north', 'hub':
        lib.same_files(net.dir(name), net.dir('later-' + name))
    print('# copied when %d releases had their receipt' %
          net.status('north')[0]['taken'])


def hub_totals_are(net, totals):
    return lambda: net.hub_totals() == totals


def node_from_backup(tap, net, which, figures, totals):
    """What it says of itself before and after."""
    before = net.status('north')[0]
    net.kill('north')
    lib.same_files(net.dir(which + '-north'), net.dir('north'))
    net.start('north')
    net.wait_settled(['north'], before['taken'])
    after = net.status('north')[0]
    got = net.figures(PERIODS)
    tap.check('a node from its %s backup: figures stay' % which,
              got == figures, lib.differences(got, figures))
    tap.equal('what the hub holds, too', net.hub_totals(), totals)
    tap.equal('no half-year is frozen', after['frozen'], 0)
    said = net.ccfed('ledger', 'verify', '-d', net.dir('north'))
    tap.check('node and hub agree', 'hold the same releases' in said, said)
    return before, after


def node_from_backups(tap, net, figures, totals):
    # It has all its releases and only forgot receipts: nothing is new.
    before, after = node_from_backup(tap, net, 'later', figures, totals)
    tap.equal('no new epoch is needed', after['epoch'], before['epoch'])
    # It has none: whoever else may claim to be this node is fenced off.
    before, after = node_from_backup(tap, net, 'early', figures, totals)
    tap.check('it works in a new epoch', after['epoch'] > before['epoch'],
              before, after)


def hub_from_backup(tap, net, figures, totals):
    net.kill('hub')
    lib.same_files(net.dir('later-hub'), net.dir('hub'))
    net.start('hub')
    net.wait('the nodes brought the hub up to date',
             hub_totals_are(net, totals))
    got = net.figures(PERIODS)
    tap.check('a hub from its backup: figures stay', got == figures,
              lib.differences(got, figures))
    for name in NODES:
        said = net.ccfed('ledger', 'verify', '-d', net.dir(name))
        tap.check('%s and the hub agree' % name,
                  'hold the same releases' in said, said)


def node_replaced(tap, net, figures, totals):
    before = net.status('north')[0]
    net.make_node('heir', FIRST, 500, 3, 1)
    net.set_option('heir', 'hub', 'heartbeat_s = 1')
    net.kill('north')
    net.join('heir', 'north')
    net.start('heir')
    net.wait_settled(['heir'], before['taken'])
    got = net.figures(PERIODS)
    tap.check('a node replaced by a new one: figures stay', got == figures,
              lib.differences(got, figures))
    tap.equal('what the hub holds, too', net.hub_totals(), totals)
    tap.equal('no half-year is frozen', net.status('heir')[0]['frozen'], 0)

    net.start('north')
    net.wait('the old node hears that it was replaced', lambda:
             net.status('north')[0]['trouble'] != 'none')
    tap.check('and says what to do',
              'join' in net.status('north')[0]['trouble'],
              net.status('north')[0]['trouble'])
    p = net.try_ccfed('ledger', 'verify', '-d', net.dir('north'))
    tap.check('ledger verify says that another took over',
              p.returncode == 1 and 'another node took over' in p.stderr,
              p.stdout, p.stderr)
    trouble = {r['region']: r['trouble'] for r in net.status('hub')}
    tap.check('and the hub that somebody should look',
              'replaced' in trouble['North'], trouble)
    time.sleep(0.5)
    tap.check('figures stay even so', net.figures(PERIODS) == figures)


def story(tap, net):
    net.few_tables()
    net.make_hub(regions=NODES)
    for i, name in enumerate(NODES):
        net.make_node(name, FIRST, 500, 3, i + 1)
        net.set_option(name, 'hub', 'heartbeat_s = 1')
    save(net)
    for name in ['hub'] + NODES:
        net.start(name)
    net.wait_settled(NODES, 50)
    figures, totals = net.figures(PERIODS), net.hub_totals()
    node_from_backups(tap, net, figures, totals)
    hub_from_backup(tap, net, figures, totals)
    node_replaced(tap, net, figures, totals)


if __name__ == '__main__':
    lib.run(story)
