"""net: a network of real processes on loopback for the tests of this folder.

A hub and some nodes, each with its own directory and process, on ports that
were free. Prints TAP. Whatever happens, everything started is stopped, the
folder is removed, and it ends in time.
"""
import datetime
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zoneinfo

EXE = os.path.abspath(os.environ.get('CCFED_EXE', 'build/ccfed'))
LIMIT_S = int(os.environ.get('CCFED_TEST_LIMIT', '55'))
SOURCE = os.environ.get('CCFED_SOURCE') or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


FEW_TABLES = ['children_new', 'children_state', 'first_needs', 'needs_closed',
              'needs_contact', 'needs_found', 'referrals_90d',
              'referrals_sent']


class Failed(Exception):
    """What was to hold does not; the sentence says what."""


class Tap:
    """Subtests in order; a failed one does not stop the others."""

    def __init__(self):
        self.n = self.bad = 0

    def check(self, name, good, *detail):
        self.n += 1
        self.bad += not good
        if not good:
            for line in '\n'.join(str(d) for d in detail).splitlines():
                print('#', line)
        print('%sok %d - %s' % ('' if good else 'not ', self.n, name),
              flush=True)
        return good

    def equal(self, name, got, want):
        return self.check(name, got == want, 'got  %r' % (got,),
                          'want %r' % (want,))

    def end(self):
        print('1..%d' % self.n)
        return 1 if self.bad else 0


def run(story):
    """Run story(tap, net) with a fresh folder and a time limit."""
    def late(*_):
        raise Failed('not done after %d s' % LIMIT_S)

    signal.signal(signal.SIGALRM, late)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.alarm(LIMIT_S)
    tap = Tap()
    net = Net(tempfile.mkdtemp(prefix='ccfed-process-'))
    try:
        story(tap, net)
    except (Failed, subprocess.TimeoutExpired) as e:
        tap.check('the story comes to its end', False, e, net.logs())
    finally:
        signal.alarm(0)
        net.stop_all()
        if not os.environ.get('CCFED_TEST_KEEP'):
            shutil.rmtree(net.top, ignore_errors=True)
        else:
            print('# kept', net.top)
    sys.exit(tap.end())


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def same_files(src, dst):
    """Put a copy of directory src in the place of dst."""
    shutil.rmtree(dst, ignore_errors=True)
    shutil.copytree(src, dst)


class Net:
    def __init__(self, top):
        self.top = top
        self.proc = {}
        self.parts = {}
        self.env = dict(os.environ, CCFED_SHARE=os.path.join(SOURCE, 'proto'))
        self.env.pop('CCFED_DIR', None)

    def dir(self, name):
        return os.path.join(self.top, name)

    def few_tables(self):
        """Only the fact tables that needs and referrals alone fill, and their
        measures: the others would be empty releases, month by month."""
        share = self.dir('share')
        same_files(self.env['CCFED_SHARE'], share)
        for folder, line in ('facts', 'id'), ('measures', 'table'):
            folder = os.path.join(share, folder)
            for name in os.listdir(folder):
                path = os.path.join(folder, name)
                with open(path) as f:
                    words = [l.split() for l in f]
                if not any(w[:2] == [line, '='] and w[2] in FEW_TABLES
                           for w in words):
                    os.remove(path)
        self.env['CCFED_SHARE'] = share

    # --- commands ---

    def try_ccfed(self, *args, **kw):
        """One command; its outcome."""
        return subprocess.run([EXE, *map(str, args)], env=self.env,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=kw.get('timeout', 40))

    def ccfed(self, *args, **kw):
        """One command that has to work; what it printed."""
        p = self.try_ccfed(*args, **kw)
        if p.returncode != 0:
            raise Failed('ccfed %s: exit %d: %s%s' % (
                ' '.join(map(str, args)), p.returncode, p.stderr, p.stdout))
        return p.stdout

    def rows(self, *args):
        """The rows of a command that prints data."""
        return json.loads(self.ccfed(*args, '--format', 'json'))['rows']

    # --- making ---

    def make_hub(self, name='hub', regions=(), floor=None):
        more = ['--floor', floor] if floor else []
        self.ccfed('hub', 'init', '-d', self.dir(name), '--synthetic',
                   '--name', 'Process test', '--bus',
                   'tcp://127.0.0.1:%d' % free_port(), '--http',
                   '127.0.0.1:%d' % free_port(), *more)
        for r in regions:
            self.ccfed('hub', 'region', 'add', '-d', self.dir(name), r,
                       r.title())

    def make_node(self, name, first, children, years, seed):
        d = self.dir(name)
        self.ccfed('node', 'init', '-d', d, '--synthetic', '--first-period',
                   first, '--http', 'none')
        self.ccfed('simulate', '-d', d, '--referrals-only', '--children',
                   children, '--years', years, '--seed', seed)
        self.ccfed('node', 'history', '--done', '--yes', '-d', d)

    def invite(self, region, hub='hub'):
        return self.rows('hub', 'invite', region, '-d', self.dir(hub)
                         )[0]['code']

    def join(self, name, region=None, hub='hub'):
        """With the hub running."""
        return self.ccfed('node', 'join', '-d', self.dir(name),
                          self.invite(region or name, hub))

    def set_option(self, name, section, line):
        """Add an option to a directory's ccfed.conf."""
        with open(os.path.join(self.dir(name), 'ccfed.conf'), 'a') as f:
            f.write('\n[%s]\n%s\n' % (section, line))

    # --- processes ---

    def start(self, name):
        sort = 'hub' if name.startswith('hub') else 'node'
        with open(self.dir(name) + '.log', 'a') as log:
            self.proc[name] = subprocess.Popen(
                [EXE, sort, 'run', '-d', self.dir(name)], env=self.env,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def kill(self, name, sig=signal.SIGKILL):
        """End the process; how it ended."""
        p = self.proc.pop(name)
        p.send_signal(sig)
        return p.wait(timeout=10)

    def alive(self, name):
        return self.proc[name].poll() is None

    def stop_all(self):
        for p in self.proc.values():
            if p.poll() is None:
                p.kill()
        for p in self.proc.values():
            p.wait()
        self.proc.clear()

    def logs(self):
        out = []
        for name in sorted(os.listdir(self.top)):
            if name.endswith('.log'):
                with open(os.path.join(self.top, name)) as f:
                    out += ['%s: %s' % (name, l.rstrip())
                            for l in f.readlines()[-6:]]
        return '\n'.join(out)

    # --- what there is ---

    def status(self, name):
        return self.rows('status', '-d', self.dir(name))

    def settled(self, name, at_least=1):
        """Has the hub everything that the node has to say?"""
        s = self.status(name)[0]
        return s['waiting'] == 0 and s['taken'] >= at_least

    def wait(self, what, fn, seconds=30):
        end = time.monotonic() + seconds
        while not fn():
            for name, p in self.proc.items():
                if p.poll() is not None:
                    raise Failed('%s ended by itself, exit %s' % (
                        name, p.returncode))
            if time.monotonic() > end:
                raise Failed('%s: not after %d s' % (what, seconds))
            time.sleep(0.1)

    def wait_settled(self, nodes, at_least=1, seconds=30):
        for name in nodes:
            self.wait('%s has told the hub everything' % name,
                      lambda n=name: self.settled(n, at_least), seconds)

    def parts_of(self, measure, hub):
        """By what it can be asked; None: it is not served. Not all have
        needs."""
        if measure not in self.parts:
            show = ['measure', 'show', measure, '-d', self.dir(hub), '--by']
            self.parts[measure] = next(
                (by for by in ('region,need,group', 'region')
                 if self.try_ccfed(*show, by).returncode == 0), None)
        return self.parts[measure]

    def figures(self, periods, hub='hub'):
        """Everything that the hub answers, to be compared."""
        out = {}
        for m in self.rows('measure', 'list'):
            by = self.parts_of(m['measure'], hub)
            for p in periods if by else ():
                out[m['measure'], p] = self.rows(
                    'measure', 'show', m['measure'], '-d', self.dir(hub),
                    '--by', by, '--period', p)
        return out

    def ledger(self, name):
        """Releases, events, occurrences that the hub took and that count."""
        newest = {}
        for r in self.rows('ledger', 'show', '-d', self.dir(name)):
            key = r['table'], r['closing']
            if key not in newest or (r['epoch'], r['version']) > (
                    newest[key]['epoch'], newest[key]['version']):
                newest[key] = r
        return (len(newest), sum(r['events'] for r in newest.values()),
                sum(r['occurrences'] for r in newest.values()))

    def hub_totals(self, hub='hub'):
        """The same by region's title, as the hub sees it."""
        return {r['region']: (r['releases'], r['events'], r['occurrences'])
                for r in self.status(hub)}


def today():
    """By the network's zone, which need not be this machine's."""
    return datetime.datetime.now(zoneinfo.ZoneInfo('America/New_York')).date()


def month_before(months):
    """The month that was so many months before this one, as YYYY-MM."""
    n = today().year * 12 + today().month - 1 - months
    return '%04d-%02d' % (n // 12, n % 12 + 1)


def years(first):
    """Every year since that month, to ask about."""
    return [str(y) for y in range(int(first[:4]),
                                  today().year + 1)]


def differences(got, want):
    """The first figures that differ, for people."""
    out = []
    for key in sorted(set(got) | set(want)):
        a, b = got.get(key, []), want.get(key, [])
        for x, y in zip(a, b):
            if x != y:
                out.append('%s %s: got %r, want %r' % (*key, x, y))
        if len(a) != len(b):
            out.append('%s %s: %d rows, want %d' % (*key, len(a), len(b)))
    return '\n'.join(out[:6])
