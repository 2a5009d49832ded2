"""Where in HTML a template's value stands, and whether it may stand there.

Follows literal text byte by byte, as a browser's tokenizer does, so that
escaping for text and for quoted attributes is enough everywhere: values
elsewhere are refused. An address may hold a value only behind a literal
beginning of it, so that no value chooses the scheme or the host."""
import copy

SPACE = ' \t\n\r\f'
# Attributes that hold an address.
ADDRESS = {'href', 'src', 'action', 'formaction', 'poster', 'cite', 'data',
           'manifest', 'ping', 'srcset', 'xlink:href', 'background'}
# Elements whose content is not HTML, or that the pages' policy forbids.
REFUSED = {'style': "the policy forbids inline style: use the stylesheet",
           'base': "base would move every address of the page",
           'iframe': "a page has no frames", 'frame': "a page has no frames",
           'object': "a page has no plug-ins", 'embed': "a page has no plug-ins",
           'xmp': "its content is not HTML", 'plaintext': "its content is not HTML",
           'noembed': "its content is not HTML",
           'noframes': "its content is not HTML"}


class Refused(Exception):
    """A template that is not taken: line and reason."""

    def __init__(self, line, why):
        super().__init__(why)
        self.line, self.why = line, why


class Place:
    """A state of the tokenizer.

    mode    text, open ("<" was read), name, tag (between attributes), gap
            (the same, but a space or the tag's end must come first),
            attribute, equals, value, close, declaration, comment, script
    tag, attribute, quote
            of the tag or attribute that is being read
    before  literal text of the value so far; DYNAMIC stands for a value
    mixed   branches left the address begun in different ways"""

    DYNAMIC = '\0'

    def __init__(self):
        self.mode = 'text'
        self.tag = self.attribute = self.quote = self.before = ''
        self.mixed = False

    def where(self):
        return {'text': 'text', 'value': f'the value of {self.attribute}',
                'tag': f'<{self.tag}>', 'gap': f'<{self.tag}>',
                'comment': 'a comment', 'script': 'a script'}.get(
                    self.mode, 'the middle of a tag')

    def key(self):
        mode = 'tag' if self.mode == 'gap' else self.mode
        inside = mode in ('value',)
        return (mode, '' if mode == 'text' else self.tag,
                self.attribute if inside else '', self.quote if inside else '')


def read(place, text, line):
    """Go through literal @text, which begins on @line."""
    for i, c in enumerate(text):
        getattr(_Step, place.mode)(place, c, line, text[i:i + 4])
        line += c == '\n'
    return place


class _Step:
    """One method a mode: what a character does."""

    @staticmethod
    def text(p, c, line, rest):
        if c == '<':
            if rest.startswith('<!--'):
                p.mode, p.before = 'comment', ''
            elif rest.startswith('<!'):
                p.mode = 'declaration'
            elif len(rest) == 1 or rest[1].isalpha() or rest[1] == '/':
                p.mode, p.tag = 'open', ''
            else:
                raise Refused(line, 'write &lt; for a "<" in text')

    @staticmethod
    def open(p, c, line, rest):
        if c == '/':
            p.mode = 'close'
        else:
            p.mode, p.tag = 'name', c.lower()

    @staticmethod
    def close(p, c, line, rest):
        if c == '>':
            p.mode = 'text'

    declaration = close

    @staticmethod
    def comment(p, c, line, rest):
        p.before += c
        if p.before.endswith('-->'):
            p.mode = 'text'

    @staticmethod
    def name(p, c, line, rest):
        if c not in SPACE + '/>':
            p.tag += c.lower()
            return
        _check_tag(p, line)
        p.mode = 'tag'
        _Step.tag(p, c, line, rest)

    @staticmethod
    def tag(p, c, line, rest):
        if c == '>':
            p.mode = 'script' if p.tag == 'script' else 'text'
            p.before = ''
        elif c not in SPACE + '/':
            p.mode, p.attribute = 'attribute', c.lower()

    @staticmethod
    def gap(p, c, line, rest):
        if c not in SPACE + '/>':
            raise Refused(line, f'a space is missing before "{c}" in <{p.tag}>')
        p.mode = 'tag'
        _Step.tag(p, c, line, rest)

    @staticmethod
    def attribute(p, c, line, rest):
        if c == '=':
            p.mode = 'equals'
            _check_attribute(p, line)
        elif c in SPACE:
            _check_attribute(p, line)
            p.mode = 'tag'
        elif c in '/>':
            _check_attribute(p, line)
            _Step.tag(p, c, line, rest)
        elif c in '"\'<':
            raise Refused(line, f'a stray {c} in <{p.tag}>')
        else:
            p.attribute += c.lower()

    @staticmethod
    def equals(p, c, line, rest):
        if c in '"\'':
            p.mode, p.quote, p.before, p.mixed = 'value', c, '', False
        else:
            raise Refused(line, f'the value of {p.attribute} needs quotes')

    @staticmethod
    def value(p, c, line, rest):
        if c == p.quote:
            p.mode = 'gap'
        else:
            p.before += c

    @staticmethod
    def script(p, c, line, rest):
        p.before += c
        if p.before.lower().endswith('</script>'):
            p.mode = 'text'
        elif p.before.strip() and not '</script>'.startswith(
                p.before.strip().lower()):
            raise Refused(line, 'the policy forbids inline scripts: use a file')


def _check_tag(p, line):
    if p.tag in REFUSED:
        raise Refused(line, f'<{p.tag}>: {REFUSED[p.tag]}')


def _check_attribute(p, line):
    name = p.attribute
    if name.startswith('on'):
        raise Refused(line, f'{name}: the policy forbids event handlers')
    if name == 'style':
        raise Refused(line, 'style: the policy forbids it; use a class')
    if name in ('srcdoc', 'http-equiv'):
        raise Refused(line, f'{name}: not in a template')


def section(place, line):
    """A section begins or ends here; returns the place as it is then."""
    p = copy.copy(place)
    if p.mode == 'attribute':
        _check_attribute(p, line)
        p.mode = 'gap'
    elif p.mode == 'name':
        _check_tag(p, line)
        p.mode = 'gap'
    if p.mode not in ('text', 'tag', 'gap', 'value'):
        raise Refused(line, f'a section begins or ends in {p.where()}')
    return p


def join(a, b, line, name):
    """Both branches of section @name lead here."""
    if a.key() != b.key():
        raise Refused(line, f'section {name} ends in {b.where()}, but began in '
                            f'{a.where()}')
    p = copy.copy(a)
    if 'gap' in (a.mode, b.mode):
        p.mode = 'gap'
    if p.mode == 'value':
        p.mixed = a.mixed or b.mixed or _kind(a.before) != _kind(b.before)
        p.before = min(a.before, b.before, key=len)
    return p


def _kind(before):
    """How the literal beginning of an address begins, or None."""
    literal = before.split(Place.DYNAMIC)[0]
    if literal.startswith(('//', '/\\')):
        return None
    for kind in '/', '#', '?', 'tel:', 'mailto:':
        if literal.startswith(kind):
            return kind
    return None


def value(p, name, form, line):
    """A value stands here; @form is text, int, url or local."""
    if p.mode == 'text':
        if form in ('url', 'local'):
            raise Refused(line, f'{name}:{form} is for addresses')
        return
    if p.mode == 'equals':
        raise Refused(line, f'the value of {p.attribute} needs quotes')
    if p.mode == 'script':
        raise Refused(line, f'{name} stands in a script')
    if p.mode != 'value':
        raise Refused(line, f'{name} stands in {p.where()}; a value stands in '
                            'text or in a quoted attribute')
    if p.attribute in ADDRESS:
        _address(p, name, form, line)
    elif form in ('url', 'local'):
        raise Refused(line, f'{name}:{form} is for addresses, '
                            f'not for {p.attribute}')
    p.before += Place.DYNAMIC


def _address(p, name, form, line):
    kind = None if p.mixed else _kind(p.before)
    if kind is None:
        raise Refused(line, f'{name} may not begin an address: write a literal '
                            f'/, #, ?, tel: or mailto: first in {p.attribute}')
    if form == 'local':
        if p.before != '/':
            raise Refused(line, f'{name}:local stands right after the first "/"')
    elif form == 'text' and kind not in ('#', 'tel:') and \
            '#' not in p.before:
        raise Refused(line, f'{name} in an address: write {{{{{name}:url}}}}')
