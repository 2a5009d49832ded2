#!/usr/bin/env python3
"""Compiles a template: NAME.html -> tpl_NAME.h and tpl_NAME.c.

    template.py [--parts FOLDER] [--messages FILE.en FILE.es] [--depfile FILE]
                --root ROOT NAME.html tpl_NAME.h tpl_NAME.c

The header has the struct of what the template shows, in the order of first
use, and the function that writes it, so that a misspelled field is an error of
the C compiler. All values are escaped; there is no way to write raw text.

    {{x}}                 const char *x, escaped; NULL prints nothing
    {{x:int}}             int64_t x
    {{x:url}}             const char *x, percent-encoded: a part of an address
    /{{x:local}}          const char *x, an address of this site, which the
                          program has made ("/case/7?tab=plan"): its own
                          slashes, "?", "&", "=" and "%" stand, and slashes at
                          its beginning are left out; right after a "/"
    {{#rows}}..{{/rows}}  for each row: const struct tpl_NAME_rows *rows and
                          size_t rows_n; inside, names are those of the row
    {{../x}}              x of the scope around; ../ may be repeated
    {{?x}}..{{:}}..{{/x}} if x: a bool, unless x is printed (text: not NULL or
                          empty, int: not 0), looped over (any rows) or a part
                          (not NULL); the part behind {{:}} may be missing
    {{>part x}}           template `part` of this folder or of --parts, with
                          const struct tpl_part *x; NULL: nothing
    {{>part}}             one that shows no values
    {{@key}}              a message in the page's language
    {{! comment }}

A section's tag, a part's or a comment alone on its line leaves no line.
What is refused, and why, is said with file and line. See template_html.py for
where values may stand."""
import argparse
import os
import re
import sys

sys.dont_write_bytecode = True  # nothing is written into the source tree
import template_html as html
from template_html import Refused

NAME = re.compile(r'[a-z][a-z0-9_]*\Z')
TAG = re.compile(r'\{\{(.*?)\}\}', re.S)
ALONE = '#?:/!>'
KEYWORDS = set('''auto bool break case char const continue default do double
    else enum extern float for goto if inline int long register restrict return
    short signed sizeof static struct switch typedef union unsigned void
    volatile while'''.split())


class Node:
    """text, value, loop, if, part or message."""

    def __init__(self, kind, line, name='', up=0, **more):
        self.kind, self.line, self.name, self.up = kind, line, name, up
        self.__dict__.update(more)


# ---------------------------------------------------------------- reading


def tokens(source):
    """Yield (line, literal text) and (line, tag) in turn."""
    at, line = 0, 1
    for m in TAG.finditer(source):
        begin, end = m.span()
        if m.group(1)[:1] and m.group(1)[0] in ALONE:
            left = source.rfind('\n', 0, begin) + 1
            right = source.find('\n', end)
            right = len(source) if right < 0 else right + 1
            if left >= at and not source[left:begin].strip() and \
                    not source[end:right].strip():
                begin, end = left, right
        yield 'text', line, source[at:begin]
        line += source.count('\n', at, m.start())
        yield 'tag', line, m.group(1)
        line += source.count('\n', m.start(), end)
        at = end
    yield 'text', line, source[at:]


def reference(text, line):
    """ "../x" -> (1, "x")"""
    up = 0
    while text.startswith('../'):
        text, up = text[3:], up + 1
    if not NAME.match(text):
        raise Refused(line, f'"{text}" is no name: a letter, then letters, '
                            'digits and _, all small')
    if text in KEYWORDS:
        raise Refused(line, f'"{text}" is a word of C; take another name')
    return up, text


def parse(source):
    """The list of nodes."""
    root = Node('root', 1, body=[])
    open_, place = [root], [root.body]
    for what, line, text in tokens(source):
        if what == 'text':
            for bad in '{{', '}}':
                if bad in text:
                    raise Refused(line + text.count('\n', 0, text.index(bad)),
                                  f'a stray {bad}')
            if text:
                place[-1].append(Node('text', line, text=text))
        elif text == ':':
            top = open_[-1]
            if top.kind != 'if' or top.orelse is not None:
                raise Refused(line, '{{:}} without a condition before it')
            top.orelse, top.else_line = [], line
            place[-1] = top.orelse
        elif text[:1] == '/':
            top = open_[-1]
            if top is root:
                raise Refused(line, f'{{{{{text}}}}} closes nothing')
            if '../' * top.up + top.name != text[1:].strip():
                raise Refused(line, f'{{{{{text}}}}} closes, but {top.name} of '
                                    f'line {top.line} is open')
            top.end = line
            open_.pop()
            place.pop()
        else:
            node = tag(text, line)
            if node is None:
                continue
            place[-1].append(node)
            if node.kind in ('loop', 'if'):
                open_.append(node)
                place.append(node.body)
    if open_[-1] is not root:
        raise Refused(open_[-1].line, f'section {open_[-1].name} is not closed')
    return root.body


def tag(text, line):
    """One tag that is neither {{:}} nor an end; None for a comment."""
    sign, rest = text[:1], text[1:].strip()
    if sign == '!':
        return None
    if sign == '#' or sign == '?':
        up, name = reference(rest, line)
        return Node('loop' if sign == '#' else 'if', line, name, up, body=[],
                    orelse=None)
    if sign == '@':
        if not re.match(r'[a-z][a-z0-9_.-]*\Z', rest):
            raise Refused(line, f'"{rest}" is no key of a message')
        return Node('message', line, rest)
    if sign == '>':
        words = rest.split()
        if not 1 <= len(words) <= 2 or not NAME.match(words[0]):
            raise Refused(line, 'a part is {{>part}} or {{>part x}}')
        if len(words) == 1:
            return Node('part', line, part=words[0])
        up, name = reference(words[1], line)
        return Node('part', line, name, up, part=words[0])
    name, colon, form = text.strip().partition(':')
    if colon and form not in ('int', 'url', 'local'):
        raise Refused(line, f'"{form}" is no form: int, url or local')
    up, name = reference(name, line)
    return Node('value', line, name, up, form=form or 'text')


# ---------------------------------------------------------------- checking


def follow(nodes, place):
    """Where in HTML the list leads to; refuses values in a bad place."""
    for n in nodes:
        if n.kind == 'text':
            place = html.read(place, n.text, n.line)
        elif n.kind == 'value':
            html.value(place, n.name, n.form, n.line)
        elif n.kind == 'message':
            if place.mode == 'value' and place.attribute in html.ADDRESS:
                raise Refused(n.line, 'a message is no address')
            html.value(place, '@' + n.name, 'text', n.line)
        elif n.kind == 'part':
            if place.mode != 'text':
                raise Refused(n.line, f'part {n.part} stands in {place.where()}')
        else:
            begin = html.section(place, n.line)
            yes = html.section(follow(n.body, html.section(begin, n.line)),
                               n.end)
            no = begin
            if n.orelse:
                no = html.section(
                    follow(n.orelse, html.section(begin, n.line)), n.end)
                html.join(begin, no, n.end, n.name)
            html.join(begin, yes, n.end, n.name)
            place = html.join(no, yes, n.end, n.name)
    return place


class Field:
    """A member of the struct: kind is text, int, loop, part or None while
    it was only asked for."""

    def __init__(self, name, line):
        self.name, self.line, self.kind, self.part = name, line, None, None
        self.scope = None


class Scope:
    """A struct."""

    def __init__(self, struct):
        self.struct, self.fields = struct, {}

    def use(self, name, line, kind, part=None):
        f = self.fields.setdefault(name, Field(name, line))
        if kind and f.kind and (kind, part) != (f.kind, f.part):
            raise Refused(line, f'{name} is {said(kind, part)} here, but '
                                f'{said(f.kind, f.part)} on line {f.line}')
        if kind and not f.kind:
            f.kind, f.part, f.line = kind, part, line
        if kind == 'loop' and not f.scope:
            f.scope = Scope(f'{self.struct}_{name}')
        return f


def said(kind, part):
    return {'text': 'text', 'int': 'a number', 'loop': 'a list',
            'part': f'part {part}'}[kind]


def bind(nodes, scopes, has_fields):
    """Find the field of each name, and what kind it is."""
    for n in nodes:
        if n.kind in ('text', 'message'):
            continue
        if n.kind == 'part':
            fields = has_fields(n.part, n.line)
            if fields and not n.name:
                raise Refused(n.line, f'part {n.part} shows values: '
                                      f'{{{{>{n.part} x}}}}')
            if not fields and n.name:
                raise Refused(n.line, f'part {n.part} shows no values: '
                                      f'{{{{>{n.part}}}}}')
            if not n.name:
                continue
        if n.up >= len(scopes):
            raise Refused(n.line, f'there is no scope around for {n.name}')
        n.depth = len(scopes) - 1 - n.up
        kind = {'value': 'int' if getattr(n, 'form', '') == 'int' else 'text',
                'loop': 'loop', 'part': 'part', 'if': None}[n.kind]
        n.field = scopes[n.depth].use(n.name, n.line, kind,
                                      getattr(n, 'part', None))
        if n.kind == 'loop':
            bind(n.body, scopes + [n.field.scope], has_fields)
            if not n.field.scope.fields:
                raise Refused(n.line, f'nothing of a row of {n.name} is shown')
        elif n.kind == 'if':
            bind(n.body, scopes, has_fields)
            bind(n.orelse or [], scopes, has_fields)


def check_names(scope):
    for f in scope.fields.values():
        if f.kind == 'loop':
            if f.name + '_n' in scope.fields:
                raise Refused(scope.fields[f.name + '_n'].line,
                              f'{f.name}_n is the number of {f.name} already')
            check_names(f.scope)


def read_messages(files):
    """{key: [text in each language]}; a key that one file lacks is refused."""
    tables = []
    for path in files:
        table = {}
        for i, line in enumerate(open(path, encoding='utf-8'), 1):
            if not line.strip() or line.startswith('#'):
                continue
            key, equals, text = line.partition('=')
            key = key.strip()
            if not equals or not text.strip():
                fail(path, i, 'a message is key = text')
            if key in table:
                fail(path, i, f'{key} is there twice')
            table[key] = text.strip(), i
        tables.append(table)
    for a, b in (0, 1), (1, 0):
        for key, (_, i) in tables[a].items() if tables else ():
            if key not in tables[b]:
                fail(files[a], i, f'{key} is missing in {files[b]}')
    return {k: [t[k][0] for t in tables] for k in tables[0]} if tables else {}


# ---------------------------------------------------------------- writing


def quoted(text):
    """A C literal; lines of the template are lines of the source."""
    out = []
    for part in text.splitlines(keepends=True):
        line = ''
        for byte in part.encode():
            c = chr(byte)
            line += {'\\': '\\\\', '"': '\\"', '\n': '\\n', '\t': '\\t',
                     '?': '\\?'}.get(c) or (
                         c if 32 <= byte < 127 else '\\%03o' % byte)
        out.append(f'"{line}"')
    return '\n\t\t'.join(out) or '""'


class Writer:
    def __init__(self, messages):
        self.out, self.messages, self.loops = [], messages, 0

    def line(self, depth, text):
        self.out.append('\t' * depth + text)

    def nodes(self, nodes, depth, chain):
        """@chain: the variables of the scopes, from the outermost."""
        for n in nodes:
            getattr(self, 'put_' + n.kind.replace('if', 'condition'))(
                n, depth, chain)

    def put_text(self, n, depth, chain):
        self.line(depth, f'html_markup(h, {quoted(n.text)}, '
                         f'{len(n.text.encode())});')

    def put_value(self, n, depth, chain):
        call = {'text': 'value', 'int': 'number', 'url': 'url',
                'local': 'local'}[n.form]
        self.line(depth, f'html_{call}(h, {chain[n.depth]}->{n.name});')

    def put_message(self, n, depth, chain):
        if n.name not in self.messages:
            raise Refused(n.line, f'there is no message {n.name}')
        text = ', '.join(quoted(t) for t in self.messages[n.name])
        self.line(depth, f'html_message(h, {text});')

    def put_part(self, n, depth, chain):
        if not n.name:
            self.line(depth, f'tpl_{n.part}(h);')
            return
        x = f'{chain[n.depth]}->{n.name}'
        self.line(depth, f'if ({x})')
        self.line(depth + 1, f'tpl_{n.part}(h, {x});')

    def put_condition(self, n, depth, chain):
        x = f'{chain[n.depth]}->{n.name}'
        test = {'text': f'{x} && *{x}', 'int': f'{x} != 0',
                'loop': f'{x}_n > 0'}.get(n.field.kind, x)
        self.line(depth, f'if ({test}) {{')
        self.nodes(n.body, depth + 1, chain)
        if n.orelse:
            self.line(depth, '} else {')
            self.nodes(n.orelse, depth + 1, chain)
        self.line(depth, '}')

    def put_loop(self, n, depth, chain):
        self.loops += 1
        i, row, x = f'i{self.loops}', f'r{self.loops}', \
            f'{chain[n.depth]}->{n.name}'
        self.line(depth, f'for (size_t {i} = 0; {i} < {x}_n; {i}++) {{')
        self.line(depth + 1, f'const struct {n.field.scope.struct} *{row} = '
                             f'&{x}[{i}];')
        self.out.append('')
        self.nodes(n.body, depth + 1, chain + [row])
        self.line(depth, '}')


def declare(scope, out):
    """The struct and, before it, those of its rows."""
    for f in scope.fields.values():
        if f.kind == 'loop':
            declare(f.scope, out)
    out.append(f'struct {scope.struct} {{')
    for f in scope.fields.values():
        out.append('\t' + {
            'text': f'const char *{f.name};', 'int': f'int64_t {f.name};',
            'part': f'const struct tpl_{f.part} *{f.name};',
            'loop': f'const struct {scope.struct}_{f.name} *{f.name};\n'
                    f'\tsize_t {f.name}_n;'}.get(f.kind, f'bool {f.name};'))
    out.append('};\n')


def parts_of(nodes):
    for n in nodes:
        if n.kind == 'part':
            yield n
        yield from parts_of(getattr(n, 'body', []))
        yield from parts_of(getattr(n, 'orelse', None) or [])


class Compiler:
    """One template and the parts that it includes."""

    def __init__(self, path, folders, messages):
        self.path, self.folders, self.messages = path, folders, messages
        self.name = name_of(path)
        self.trees, self.read, self.lines = {}, [path], 0

    def find(self, part, line):
        for folder in self.folders:
            path = os.path.join(folder, part + '.html')
            if os.path.exists(path):
                return path
        raise Refused(line, f'there is no template {part} in '
                            f'{" or ".join(self.folders)}')

    def tree(self, path):
        if path not in self.trees:
            if path not in self.read:
                self.read.append(path)
            with open(path, encoding='utf-8') as f:
                source = f.read()
            if path == self.path:
                self.lines = source.count('\n')
            try:
                self.trees[path] = parse(source)
            except Refused as e:
                fail(path, e.line, e.why)
        return self.trees[path]

    def has_fields(self, part, line):
        """Does it show values? Refuses parts that lead to themselves."""
        def shows(path, above):
            if path in above:
                raise Refused(line, f'part {part} leads to itself')
            tree, any_ = self.tree(path), False
            stack = list(tree)
            while stack:
                n = stack.pop()
                any_ = any_ or n.kind in ('value', 'loop', 'if') or \
                    n.kind == 'part' and bool(n.name)
                stack += getattr(n, 'body', []) + \
                    (getattr(n, 'orelse', None) or [])
            for n in parts_of(tree):
                shows(self.find(n.part, line), above + [path])
            return any_
        return shows(self.find(part, line), [self.path])

    def run(self, root, header, source):
        tree, scope = self.tree(self.path), Scope('tpl_' + self.name)
        end = follow(tree, html.Place())
        if end.mode != 'text':
            raise Refused(max(1, self.lines), 'the template ends in '
                                              f'{end.where()}')
        bind(tree, [scope], self.has_fields)
        check_names(scope)
        writer = Writer(self.messages)
        writer.nodes(tree, 1, ['v'])
        parts = sorted({(n.part, self.find(n.part, n.line))
                        for n in parts_of(tree)})
        where = os.path.relpath(self.path, root)
        self.write_header(header, scope, parts, where)
        self.write_source(source, scope, parts, writer, root, where)

    def call(self, scope):
        given = f', const struct {scope.struct} *v' if scope.fields else ''
        return f'void tpl_{self.name}(struct html *h{given})'

    def write_header(self, out, scope, parts, where):
        guard = f'CCFED_TPL_{self.name.upper()}_H'
        lines = [f'/* tpl_{self.name}: made from {where}. What is not given is '
                 'NULL, 0 or false. */',
                 f'#ifndef {guard}', f'#define {guard}', '',
                 '#include <stdbool.h>', '#include <stddef.h>',
                 '#include <stdint.h>', '', 'struct html;']
        lines += [f'struct tpl_{p};' for p, _ in parts
                  if self.has_fields(p, 1)]
        lines.append('')
        if scope.fields:
            declare(scope, lines)
        lines += [self.call(scope) + ';', '', '#endif', '']
        write(out, lines)

    def write_source(self, out, scope, parts, writer, root, where):
        own = os.path.dirname(os.path.dirname(where))
        lines = [f'/* made from {where} */',
                 f'#include "{own}/tpl_{self.name}.h"', '',
                 '#include "daemon/web/html_markup.h"']
        lines += ['#include "%s/tpl_%s.h"' % (
            os.path.dirname(os.path.dirname(os.path.relpath(path, root))), p)
                  for p, path in parts]
        lines += ['', self.call(scope), '{', *writer.out, '}', '']
        write(out, lines)


def name_of(path):
    return os.path.basename(path)[:-len('.html')]


def write(path, lines):
    with open(path, 'w', encoding='utf-8') as f:
        f.write('\n'.join(lines))


def fail(path, line, why):
    sys.exit(f'{path}:{line}: {why}')


def main(words=None):
    args = argparse.ArgumentParser(usage=__doc__)
    args.add_argument('--parts', action='append', default=[])
    args.add_argument('--messages', nargs=2, action='append', default=[])
    args.add_argument('--depfile')
    args.add_argument('--root', required=True)
    args.add_argument('template')
    args.add_argument('header')
    args.add_argument('source')
    a = args.parse_args(words)
    if not NAME.match(name_of(a.template)):
        fail(a.template, 1, 'a template is named like a C name, .html behind')
    messages = {}
    # A folder's own messages go before those of all.
    for pair in reversed(a.messages):
        messages.update(read_messages(pair))
    c = Compiler(a.template, [os.path.dirname(a.template)] + a.parts, messages)
    try:
        c.run(a.root, a.header, a.source)
    except Refused as e:
        fail(a.template, e.line, e.why)
    if a.depfile:
        with open(a.depfile, 'w', encoding='utf-8') as f:
            f.write(f'{a.header} {a.source}: {" ".join(c.read)}\n')


if __name__ == '__main__':
    main()
