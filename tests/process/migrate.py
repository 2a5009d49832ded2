#!/usr/bin/env -S python3 -B
"""migrate: databases of older versions are opened by this one, which is killed
at many points of it; whatever was reached, the next start finishes it and
nothing is lost.

tests/data/landed holds a node and a hub of node schema 8 and hub schema 1 as
SQL text, as that version's program had made them, and what it answered to some
questions. A node of schema 6 is built from the same rows and the first six
steps, which never change.

    migrate.py [SEED]   other points than the day's; it is printed
"""
import glob
import json
import os
import random
import re
import shutil
import sqlite3
import sys
import time

import net as lib

LANDED = os.path.join(lib.SOURCE, 'tests/data/landed')
SHIM = os.environ.get('CCFED_KILLIO', '')
# For the killing, of each database.
SECONDS = 11
# Other on another day, or of a process.
PASSING = {'age', 'trouble', 'heard', 'silent', 'closed'}


def write_text(path, text):
    db = sqlite3.connect(path)
    db.executescript(text)
    db.close()


def steps(n):
    """The first n steps of the node's schema."""
    files = glob.glob(os.path.join(lib.SOURCE, 'regional/schema/*.sql'))
    number = {int(re.match(r'\d+', os.path.basename(f)).group()): f
              for f in files}
    return [open(number[i]).read() for i in range(1, n + 1)]


def landed(net, kind, name):
    """A folder of what the older program had made."""
    d = net.dir(name)
    shutil.copytree(os.path.join(LANDED, kind), d)
    for f in os.listdir(d):
        os.chmod(os.path.join(d, f), 0o600)
    os.remove(os.path.join(d, kind + '.sql'))
    with open(os.path.join(LANDED, kind, kind + '.sql')) as f:
        write_text(os.path.join(d, kind + '.db'), f.read())


def make_older(net, name, source, n):
    """Of folder source, with the node's schema n instead of 8."""
    lib.same_files(net.dir(source), net.dir(name))
    path = os.path.join(net.dir(name), 'node.db')
    os.rename(path, path + '8')
    db = sqlite3.connect(path, isolation_level=None)
    for sql in steps(n):
        db.executescript(sql)
    db.execute('ATTACH ? AS old', (path + '8',))
    triggers = db.execute("SELECT name, sql FROM main.sqlite_schema"
                          " WHERE type = 'trigger'").fetchall()
    for t, _ in triggers:
        db.execute('DROP TRIGGER main.' + t)
    db.execute('BEGIN')
    for t in tables(db):
        cols = ', '.join(columns(db, t))
        db.execute('INSERT INTO main.%s (%s) SELECT %s FROM old.%s'
                   % (t, cols, cols, t))
    db.execute('COMMIT')
    for _, sql in triggers:
        db.execute(sql)
    for p in ('application_id', 'user_version'):
        v = db.execute('PRAGMA old.' + p).fetchone()[0]
        db.execute('PRAGMA main.%s = %d' % (p, n if p == 'user_version' else v))
    db.close()
    os.remove(path + '8')


def tables(db):
    return [r[0] for r in db.execute(
        "SELECT name FROM main.sqlite_schema WHERE type = 'table'"
        " AND name NOT LIKE 'sqlite_%' ORDER BY name")]


def columns(db, table):
    return [r[1] for r in db.execute('PRAGMA main.table_info(%s)' % table)]


def content(path):
    """{table: (columns, sorted rows)}"""
    db = sqlite3.connect(path)
    out = {}
    for t in tables(db):
        cols = columns(db, t)
        rows = db.execute('SELECT %s FROM %s' % (', '.join(cols), t))
        out[t] = (cols, sorted(map(repr, rows)))
    db.close()
    return out


def everything(path):
    """Schema, versions and rows, to compare."""
    db = sqlite3.connect(path)
    out = [db.execute('PRAGMA ' + p).fetchone()[0]
           for p in ('user_version', 'application_id')]
    out += db.execute('SELECT type, name, tbl_name, sql FROM sqlite_schema'
                      ' ORDER BY type, name').fetchall()
    db.close()
    return out, content(path)


def is_kept(was, now):
    """What of the older rows is missing, or other."""
    lost = []
    db = sqlite3.connect(now)
    for t, (cols, rows) in was.items():
        try:
            got = sorted(map(repr, db.execute('SELECT %s FROM %s'
                                              % (', '.join(cols), t))))
        except sqlite3.Error as e:
            got = [str(e)]
        if got != rows:
            lost.append('%s: %d rows, were %d' % (t, len(got), len(rows)))
    db.close()
    return lost


def sound(path):
    db = sqlite3.connect(path)
    out = [r[0] for r in db.execute('PRAGMA integrity_check')] + \
        db.execute('PRAGMA foreign_key_check').fetchall()
    db.close()
    return out


def migrate(net, name):
    """What opens the database, and looks at all of the audit."""
    words = ['audit', 'verify'] if 'hub' not in name else \
        ['hub', 'region', 'list']
    return net.try_ccfed(*words, '-d', net.dir(name))


def killed(net, name, at, say=None):
    old = dict(net.env)
    net.env['LD_PRELOAD'] = SHIM
    net.env['CCFED_KILL_AT'] = str(at)
    # A sanitizer wants to be loaded first, and need not be.
    net.env['ASAN_OPTIONS'] = 'verify_asan_link_order=0:detect_leaks=0'
    if say:
        net.env['CCFED_KILL_SAY'] = say
    p = migrate(net, name)
    net.env = old
    return p.returncode


def points(rng, n):
    """Every point once, in any order."""
    every = list(range(1, n + 1))
    rng.shuffle(every)
    return every


def check_kills(tap, net, rng, name):
    path = os.path.join(net.dir('run-' + name),
                        'hub.db' if 'hub' in name else 'node.db')
    was = content(path.replace('run-', ''))

    lib.same_files(net.dir(name), net.dir('run-' + name))
    say = os.path.join(net.top, 'count')
    code = killed(net, 'run-' + name, 0, say)
    tap.equal('%s: it is opened' % name, code, 0)
    want = everything(path)
    tap.equal('%s: nothing is lost' % name, is_kept(was, path), [])
    tap.equal('%s: and it is sound' % name, sound(path), ['ok'])
    n = int(open(say).read())
    end, hit, bad = time.monotonic() + SECONDS, 0, []
    for at in points(rng, n):
        if time.monotonic() > end:
            break
        lib.same_files(net.dir(name), net.dir('run-' + name))
        code = killed(net, 'run-' + name, at)
        hit += code == -9
        p = migrate(net, 'run-' + name)
        if p.returncode != 0:
            bad.append('at %d: exit %d: %s' % (at, p.returncode, p.stderr))
        elif everything(path) != want or sound(path) != ['ok']:
            bad.append('at %d: other than undisturbed' % at)
    print('# %s: killed at %d of %d writes and syncs' % (name, hit, n))
    tap.check('%s: killed anywhere, it is done again whole' % name,
              hit > 5 and not bad, *(bad or ['%d kills' % hit]))


def known(rows, cols):
    return [{k: r.get(k) for k in cols} for r in rows]


def check_answers(tap, net):
    """What the older version answered, this one does."""
    with open(os.path.join(LANDED, 'answers.json')) as f:
        answers = json.load(f)
    bad = []
    for question, want in answers.items():
        where, *words = question.split(' ')
        p = net.try_ccfed(*words, '-d', net.dir('run-' + where), '--format',
                          'json')
        if p.returncode != 0:
            bad.append('%s: exit %d: %s' % (question, p.returncode, p.stderr))
            continue
        got = json.loads(p.stdout)['rows']
        cols = [k for k in want[0] if k not in PASSING]
        if known(got, cols) != known(want, cols):
            bad.append('%s:\n got  %s\n want %s' % (
                question, known(got, cols), known(want, cols)))
    tap.check('%d questions are answered as before' % len(answers), not bad,
              '\n'.join(bad))


def check_document(tap, net):
    """Sealed then, opened now."""
    to = os.path.join(net.top, 'opened.txt')
    net.ccfed('attachment', 'save', 1, to, '-d', net.dir('run-node'))
    with open(to) as f:
        tap.equal('a document is opened', f.read(), 'Signed by Bo.\n')


def story(tap, net):
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else \
        lib.today().toordinal()
    print('# seed', seed, flush=True)
    rng = random.Random(seed)
    landed(net, 'node', 'node')
    landed(net, 'hub', 'hub')
    make_older(net, 'node6', 'node', 6)
    for name in ('node', 'node6', 'hub'):
        check_kills(tap, net, rng, name)
    check_answers(tap, net)
    check_document(tap, net)


if __name__ == '__main__':
    lib.run(story)
