#!/usr/bin/env -S python3 -B
"""cli: what the command line promises: exit status 0, 1, 2, help for every
command, data that parses, sentences that say what to do, and order among
processes that share a directory."""
import csv
import io
import json
import os
import re
import signal

import net as lib

FIRST = lib.month_before(14)


def commands(net):
    """Every (noun, verb) that the first page of help names."""
    out, noun = [], None
    for line in net.ccfed('--help').splitlines():
        m = re.match(r'^  ([a-z]+) +\S', line)
        if m:
            noun = m.group(1)
            out.append([noun, []])
        elif noun and re.match(r'^ {10,}[a-z]', line):
            out[-1][1] += [v.strip() for v in line.split('|')]
        elif out and not line.strip():
            break
    return [(n, v) for n, verbs in out for v in (verbs or [''])]


def help_of(net, command):
    p = net.try_ccfed(*[w for w in command if w], '--help')
    return p.returncode, p.stdout


def check_help(tap, net):
    found = commands(net)
    tap.check('the first page names the commands', len(found) > 40 and
              ('measure', 'show') in found and ('simulate', '') in found,
              found)
    bad = []
    for command in found:
        code, text = help_of(net, command)
        described = re.findall(r'^  --([a-z-]+)( [A-Z]+)?', text, re.M)
        usage = re.findall(r'--([a-z-]+)', text.split('\n\n')[0])
        if code != 0 or 'Usage: ccfed ' + ' '.join(command).strip() not in text:
            bad.append('%s: exit %d: %s' % (command, code, text))
        for name in set(usage) - {name for name, _ in described}:
            bad.append('%s: --%s is not described' % (command, name))
        for name, value in described:
            if name in ('format', 'help'):
                continue
            words = [w for w in command if w] + ['--' + name]
            p = net.try_ccfed(*words, *(['1'] if value else []), '--help')
            if p.returncode != 0:
                bad.append('%s: --%s: %s' % (command, name, p.stderr))
        p = net.try_ccfed(*[w for w in command if w], '--no-such-option')
        if p.returncode != 2 or '--no-such-option' not in p.stderr:
            bad.append('%s takes any option: exit %d' % (command, p.returncode))
    tap.check('each has help that names its options, and takes no other',
              not bad, '\n'.join(bad))


# Command, exit status, and what the sentence must say.
WRONG = [
    (['chidl', 'list'], 2, 'did you mean "ccfed child"'),
    (['child', 'lsit'], 2, 'did you mean "ccfed child list"'),
    (['child', 'list', '-d', '{node}', '--formt', 'json'], 2, '--format'),
    (['child', 'list', '-d', '{node}', '--format', 'xml'], 2,
     'table, csv or json'),
    (['child', 'list'], 2, 'CCFED_DIR'),
    (['child', 'list', '-d', '{hub}'], 2, 'hub'),
    (['measure', 'show', 'M10', '-d', '{node}', '--region', 'x'], 2, 'region'),
    (['measure', 'show', 'M10', '-d', '{hub}', '--children'], 2, 'children'),
    (['measure', 'show', 'M20', '-d', '{hub}'], 1, 'not served'),
    (['hub', 'run', '-d', '{node}'], 2, 'node'),
    (['node', 'run', '-d', '{hub}'], 2, 'hub'),
    (['status', '-d', '{none}'], 1, 'ccfed node init'),
    (['hub', 'run', '-d', '{none}'], 1, 'ccfed hub init'),
    (['node', 'init', '-d', '{node}'], 1, 'already'),
    (['hub', 'init', '-d', '{hub}', '--name', 'X'], 1, 'already'),
    (['hub', 'init', '-d', '{new}', '--name', 'X', '--floor', '5'], None,
     'floor'),
    (['measure', 'show', 'M99', '-d', '{hub}'], 1, 'ccfed measure list'),
    (['measure', 'show', 'M10', '-d', '{hub}', '--period', '2026Q9'], 2,
     '2026Q9'),
    (['measure', 'show', 'M10', '-d', '{hub}', '--by', 'town'], 2, 'town'),
    (['measure', 'show', 'M10', '-d', '{hub}', '--region', 'mars'], 1,
     'ccfed hub region list'),
    (['measure', 'show', '-d', '{hub}'], 2, 'MEASURE'),
    (['child', 'show', '999999', '-d', '{node}'], 1, '999999'),
    (['child', 'show', 'x', '-d', '{node}'], 2, 'x'),
    (['child', 'add', '-d', '{node}', '--given', 'A', '--family', 'B'], 2,
     '--birth'),
    (['child', 'add', '-d', '{node}', '--given', 'A', '--family', 'B',
      '--birth', '2019-02-30'], 2, '2019-02-30'),
    (['need', 'add', '1', 'bread', '-d', '{node}'], 1, 'food'),
    (['node', 'join', 'ccfed1-nonsense', '-d', '{node}'], 1, 'code'),
    (['hub', 'invite', 'mars', '-d', '{hub}'], 1, 'add it first'),
    (['hub', 'region', 'add', 'Up Per', 'X', '-d', '{hub}'], 1,
     'small letters'),
    (['simulate', '-d', '{node}', '--children', '0'], None, 'children'),
    (['node', 'history', '--done', '-d', '{node}'], 1, 'history'),
]


def check_wrong(tap, net):
    places = {'node': net.dir('east'), 'hub': net.dir('hub'),
              'none': net.dir('none'), 'new': net.dir('new')}
    for words, code, says in WRONG:
        words = [w.format(**places) for w in words]
        says = says.format(**places)
        p = net.try_ccfed(*words)
        codes = (1, 2) if code is None else (code,)
        good = (p.returncode in codes and says in p.stderr and not p.stdout
                and p.stderr.startswith('ccfed: '))
        tap.check('wrong: ccfed %s' % ' '.join(
            w.replace(net.top, '') for w in words), good, 'exit %d, want %s' %
            (p.returncode, code), 'stderr: ' + p.stderr,
            'stdout: ' + p.stdout, 'should say: ' + says)


def check_others(tap, net):
    p = net.try_ccfed()
    tap.check('no command at all: the commands', p.returncode == 2 and
              'ccfed NOUN --help' in p.stderr, p.returncode, p.stderr)
    none = net.dir('none')
    p = net.try_ccfed('import', 'fhir', none, '-d', net.dir('east'))
    tap.check('a file that is not there was not imported',
              p.returncode == 1 and none in p.stderr, p.stderr)


LISTS = [
    ('east', ['child', 'list']), ('east', ['case', 'list']),
    ('east', ['need', 'list', '1']), ('east', ['org', 'list']),
    ('east', ['refer', 'list']), ('east', ['release', 'list']),
    ('east', ['release', 'preview']), ('east', ['ledger', 'show']),
    ('east', ['fact', 'list']), ('east', ['status']), ('hub', ['status']),
    ('hub', ['status', '--sums']), ('hub', ['hub', 'region', 'list']),
    ('hub', ['measure', 'list']), ('hub', ['measure', 'show', 'M10']),
    ('hub', ['measure', 'show', 'M13']), ('hub', ['measure', 'show', 'M18']),
]


def check_formats(tap, net):
    for where, words in LISTS:
        words = words + ['-d', net.dir(where)]
        texts = [net.ccfed(*words, '--format', f)
                 for f in ('json', 'csv', 'table')]
        try:
            out = json.loads(texts[0])
            lines = list(csv.DictReader(io.StringIO(texts[1])))
            keys = list(out['rows'][0])
            notice = [] if out['notice'] is None else ['notice']
            good = (set(out) == {'notice', 'rows'} and
                    len(lines) == len(out['rows']) and
                    all(list(l) == keys + notice for l in lines) and
                    all(l.get('notice') == out['notice'] for l in lines) and
                    texts[2].strip())
        except (ValueError, IndexError, KeyError) as e:
            good = False
            print('#', e)
        tap.check('data of %s in three formats' % ' '.join(words[:-2]), good,
                  *[t[:300] for t in texts])


def check_beside(tap, net):
    """Case work, and looking, while the daemon runs on the same directory."""
    d = net.dir('east')

    def new(*words):
        out = net.ccfed(*words, '-d', d, '--format', 'json')
        return json.loads(out)['id']

    child = new('child', 'add', '--given', 'Planted', '--family', 'Example',
                '--birth', '2019-04-02')
    new('case', 'open', child)
    need = new('need', 'add', child, 'food')
    refer = new('refer', 'add', need)
    p = net.try_ccfed('refer', 'send', refer, '-d', d)
    tap.check('no referral is sent without consent', p.returncode == 1 and
              'has no consent to refer to services' in p.stderr and
              '--without-consent' in p.stderr, p.stderr)
    net.ccfed('refer', 'send', refer, '-d', d, '--without-consent',
              'the hospital asked for it that night')
    net.ccfed('refer', 'link', refer, 'received', '-d', d)
    tap.check('case work beside the daemon', net.alive('east') and
              'Planted' in net.ccfed('child', 'show', child, '-d', d))
    net.ccfed('audit', 'verify', '-d', d)
    tap.check('and the audit is whole', True)
    with open(net.dir('east') + '.log') as f:
        tap.check('no name is in its log', 'Planted' not in f.read())


def check_second(tap, net):
    for name, sort in ('east', 'node'), ('hub', 'hub'):
        p = net.try_ccfed(sort, 'run', '-d', net.dir(name), timeout=10)
        tap.check('a second %s on the same directory is refused' % sort,
                  p.returncode == 1 and p.stderr.count('ccfed: ') == 1 and
                  net.alive(name), 'exit %d' % p.returncode, p.stderr)


def check_conf(tap, net):
    """An unknown key keeps it from starting; the sentence names the line."""
    for name, sort in ('east', 'node'), ('hub', 'hub'):
        net.kill(name, signal.SIGTERM)
        path = os.path.join(net.dir(name), 'ccfed.conf')
        with open(path) as f:
            before = f.read()
        with open(path, 'a') as f:
            f.write('[hub]\nno_such_key = 1\n')
        line = before.count('\n') + 2
        p = net.try_ccfed(sort, 'run', '-d', net.dir(name), timeout=10)
        tap.check('%s: an unknown key keeps it from starting' % sort,
                  p.returncode == 1 and 'no_such_key' in p.stderr and
                  'ccfed.conf:%d:' % line in p.stderr,
                  'exit %d' % p.returncode, p.stderr)
        with open(path, 'w') as f:
            f.write(before)
        net.start(name)
    net.wait('both run again', lambda: net.settled('east'))


def story(tap, net):
    tap.equal('--version', net.ccfed('--version').split()[0], 'ccfed')
    check_help(tap, net)
    net.make_hub(regions=['east'])
    net.make_node('east', FIRST, 150, 1, 1)
    net.start('hub')
    net.join('east')
    net.start('east')
    net.wait_settled(['east'], 5)
    check_wrong(tap, net)
    check_others(tap, net)
    check_formats(tap, net)
    check_beside(tap, net)
    check_second(tap, net)
    check_conf(tap, net)
    tap.check('both daemons lived through it',
              net.alive('east') and net.alive('hub'))


if __name__ == '__main__':
    lib.run(story)
