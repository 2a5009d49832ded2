"""The pages of a hub and a region: the first account by its link, sign-in,
what strangers and other roles get, and that an account that is disabled on the
command line is out at once, while the daemon runs."""
import http.cookiejar
import os
import re
import urllib.error
import urllib.parse
import urllib.request

import net

PASSWORD = 'a few words to remember'


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like another."""

    def redirect_request(self, *_):
        return None


class Browser:
    def __init__(self, url):
        self.url = url
        self.open = urllib.request.build_opener(
            Stay, urllib.request.HTTPCookieProcessor(
                http.cookiejar.CookieJar())).open
        self.token = ''

    def ask(self, path, form=None, **headers):
        """Status and body."""
        data = form and urllib.parse.urlencode(
            dict(form, csrf=self.token)).encode()
        request = urllib.request.Request(self.url + path, data, headers)
        try:
            with self.open(request, timeout=20) as r:
                status, body = r.status, r.read().decode()
        except urllib.error.HTTPError as e:
            status, body = e.code, e.read().decode()
        token = re.search(r'name="csrf" value="([^"]+)"', body)
        self.token = token.group(1) if token else self.token
        return status, body

    def sign_in(self, name):
        return self.ask('/sign-in', {'name': name, 'password': PASSWORD})[0]


def option(n, name, key):
    with open(os.path.join(n.dir(name), 'ccfed.conf')) as f:
        return re.search(r'^%s *= *(\S+)' % key, f.read(), re.M).group(1)


def first_account(tap, n, name):
    """By the link that the daemon prints at its first start."""
    def link():
        with open(n.dir(name) + '.log') as f:
            return re.search(r'http\S+/link/\S+', f.read())

    n.wait('%s prints a link' % name, link)
    url, path = re.match(r'(http://[^/]+)(/\S+)', link().group()).groups()
    b = Browser(url)
    status, _ = b.ask(path, {'title': 'First Person', 'name': 'first',
                             'password': PASSWORD, 'password2': PASSWORD})
    tap.equal('%s: the link makes the first account' % name, status, 303)
    tap.equal('%s: it works once' % name, b.ask(path)[0], 404)
    return b


def story(tap, n):
    n.make_hub(regions=['east'])
    n.start('hub')
    first = first_account(tap, n, 'hub')
    status, body = first.ask('/')
    tap.check('hub: its page, in its frame', status == 200 and
              'First Person' in body and 'Synthetic data.' in body, body[:400])
    stranger = Browser(first.url)
    tap.equal('hub: strangers are asked to sign in', stranger.ask('/')[0], 401)
    tap.equal('hub: a monitoring program is not', stranger.ask('/metrics')[0],
              200)

    n.make_node('east', '2025-01', 60, 1, 1)
    n.set_option('east', 'web', 'http = 127.0.0.1:%d' % net.free_port())
    n.join('east')
    n.start('east')
    chief = first_account(tap, n, 'east')
    tap.equal('east: help', chief.ask('/help')[0], 200)
    n.ccfed('account', 'add', 'vera', '--title', 'Vera Viewer', '--roles',
            'viewer', '-d', n.dir('east'))
    link = n.rows('account', 'link', 'vera', '-d', n.dir('east'))[0]['link']
    vera = Browser(chief.url)
    tap.equal('east: a link by the command line',
              vera.ask(link[len(chief.url):], {'password': PASSWORD,
                                               'password2': PASSWORD})[0], 303)
    tap.equal('east: a viewer sees help', vera.ask('/help')[0], 200)
    tap.equal('east: a viewer sees no accounts', vera.ask('/accounts')[0], 403)
    tap.equal('east: not from elsewhere',
              vera.ask('/account/language', {'lang': 'es'},
                       Origin='http://evil.example')[0], 403)
    n.ccfed('account', 'disable', 'vera', '-d', n.dir('east'))
    tap.equal('east: disabled, she is out', vera.ask('/help')[0], 401)
    tap.equal('east: and stays out', vera.sign_in('vera'), 422)
    p = n.try_ccfed('account', 'disable', 'first', '-d', n.dir('east'))
    tap.check('east: the last supervisor stays', p.returncode == 1 and
              'last supervisor' in p.stderr, p.stderr)
    tap.check('east: the audit holds', 'is whole' in
              n.ccfed('audit', 'verify', '-d', n.dir('east')))
    denied = [r for r in n.rows('audit', 'list', '-d', n.dir('east'))
              if r['who'] == 'user:vera' and r['field'] == 'denied']
    tap.check('east: what vera was denied is in it', len(denied) == 2, denied)
    for name in ('east', 'hub'):
        tap.equal('%s ends when it is told to' % name,
                  n.kill(name, net.signal.SIGTERM), 0)


net.run(story)
