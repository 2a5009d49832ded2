#!/usr/bin/env python3
"""template_refusals: what daemon/web/template.py takes and refuses, with file,
line and reason."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ['CCFED_SOURCE'], 'daemon/web'))
import template

# (name, template, line, words of the reason); line None: it is taken
CASES = [
    ('text, attribute and address', '<p title="{{a}}">{{a}}</p>'
     '<a href="/x/{{b:url}}?c={{d:int}}#{{e}}">', None, ''),
    ('value of an attribute without quotes', '<p\nclass={{x}}>', 2,
     'value of class needs quotes'),
    ('literal value without quotes', '<p class=x>', 1, 'needs quotes'),
    ('value in a script', '<script>\nlet x = "{{x}}"</script>', 2,
     'inline scripts'),
    ('value alone in a script', '<script>{{x}}</script>', 1, 'in a script'),
    ('inline style sheet', '<style>p { color: {{x}} }</style>', 1,
     'inline style'),
    ('script from a file', '<script src="/a.js" defer></script>', None, ''),
    ('event handler', '<p>\n<b onclick="{{x}}">', 2, 'event handlers'),
    ('event handler without a value', '<b OnClick>', 1, 'event handlers'),
    ('event handler in two parts', '<b {{?x}}data{{/x}}-click="y">', 1,
     'space is missing'),
    ('style attribute', '<p style="color: {{x}}">', 1, 'use a class'),
    ('value begins an address', '<a\nhref="{{x}}">', 2,
     'may not begin an address'),
    ('value begins an action', '<form action="{{x}}">', 1,
     'may not begin an address'),
    ('value behind a scheme', '<a href="javascript:{{x}}">', 1,
     'may not begin an address'),
    ('value is a host', '<img src="//{{x:url}}/y">', 1,
     'may not begin an address'),
    ('value in a path is not encoded', '<a href="/x/{{x}}">', 1,
     'write {{x:url}}'),
    ('value in a query is not encoded', '<a href="?x={{x}}">', 1,
     'write {{x:url}}'),
    ('number in a query', '<a href="?x={{x:int}}">', None, ''),
    ('address of this site', '<a href="/{{x:local}}">', None, ''),
    ('address of this site not at its place', '<a href="/a/{{x:local}}">', 1,
     'right after the first'),
    ('encoded text', '<p>{{x:url}}</p>', 1, 'is for addresses'),
    ('encoded attribute', '<p id="{{x:url}}">', 1, 'is for addresses'),
    ('telephone', '<a href="tel:{{x}}">', None, ''),
    ('branches begin an address in two ways',
     '<a href="{{?a}}/x{{:}}?x={{/a}}{{b:url}}">', 1,
     'may not begin an address'),
    ('branches that may begin nothing', '<a href="{{?a}}/{{/a}}{{b:url}}">', 1,
     'may not begin an address'),
    ('branches of one kind', '<a href="/a{{?b}}?b={{b:url}}{{/b}}">', None, ''),
    ('value as a name of an attribute', '<p {{x}}="y">', 1, 'a quoted attribute'),
    ('value in the middle of a name', '<p da{{x}}>', 1, 'middle of a tag'),
    ('value as a tag', '<{{x}}>', 1, 'middle of a tag'),
    ('value in a comment', '<!-- {{x}} -->', 1, 'a comment'),
    ('frame', '<iframe src="/x">', 1, 'no frames'),
    ('base', '<base href="/x">', 1, 'base would move'),
    ('http-equiv', '<meta http-equiv="refresh">', 1, 'not in a template'),
    ('section not closed', '<p>\n\n{{#x}}{{y}}', 3, 'x is not closed'),
    ('condition not closed', '{{?x}}y', 1, 'x is not closed'),
    ('sections that cross', '{{#a}}{{b}}\n{{?c}}{{/a}}{{/c}}', 2,
     '{{/a}} closes, but c of line 2 is open'),
    ('end without a beginning', 'x\n{{/a}}', 2, 'closes nothing'),
    ('else without a condition', '{{#a}}{{b}}{{:}}{{/a}}', 1,
     'without a condition'),
    ('two elses', '{{?a}}{{:}}{{:}}{{/a}}', 1, 'without a condition'),
    ('section that ends elsewhere', '<p>\n{{?a}}<b {{/a}}>', 2,
     'section a ends in <b>, but began in text'),
    ('condition in a tag', '<p{{?a}} hidden{{/a}}>', None, ''),
    ('text and number', '{{x}}\n{{x:int}}', 2,
     'x is a number here, but text on line 1'),
    ('list and text', '{{#x}}{{y}}{{/x}}{{x}}', 1, 'but a list on line 1'),
    ('two parts', '{{>one x}}{{>two x}}', 1, 'but part one on line 1'),
    ('name of a number of rows', '{{#x}}{{y}}{{/x}}{{x_n}}', 1,
     'the number of x already'),
    ('rows that show nothing', '{{#x}}y{{/x}}', 1, 'nothing of a row'),
    ('word of C', '{{int}}', 1, 'a word of C'),
    ('name with a hyphen', '{{a-b}}', 1, 'is no name'),
    ('unknown form', '{{x:raw}}', 1, '"raw" is no form'),
    ('three braces', '<p>{{{x}}}</p>', 1, 'is no name'),
    ('stray braces', '<p>\nx }}', 2, 'a stray }}'),
    ('scope that is not there', '{{../x}}', 1, 'no scope around for x'),
    ('unknown part', '{{>nobody x}}', 1, 'there is no template nobody'),
    ('part that needs values', '{{>one}}', 1, 'part one shows values'),
    ('part that needs none', '{{>plain x}}', 1, 'shows no values'),
    ('part in an attribute', '<p title="{{>one x}}">', 1,
     'part one stands in the value of title'),
    ('part that leads to itself', '{{>round x}}', 1, 'leads to itself'),
    ('message', '{{@help}}', None, ''),
    ('unknown message', '\n{{@nothing}}', 2, 'there is no message nothing'),
    ('message as an address', '<a href="/{{@help}}">', 1, 'is no address'),
    ('message that one language lacks', '{{@only_en}}', None, ''),
    ('tag that does not end', '<p class="x"', 1, 'ends in'),
    ('bare less-than', '<p>\na < b', 2, 'write &lt;'),
    ('less-than before a space', 'a <', 1, 'ends in the middle of a tag'),
]
PARTS = {'one': '{{a}}', 'two': '{{a}}', 'plain': '<hr>',
         'round': '{{x}}{{>again y}}', 'again': '{{>round y}}'}


def run(folder, source, messages):
    """What it says of @source; nothing if it is taken."""
    with open(f'{folder}/page.html', 'w', encoding='utf-8') as f:
        f.write(source)
    try:
        template.main(['--root', folder, '--messages', *messages,
                       f'{folder}/page.html', f'{folder}/h', f'{folder}/c'])
    except SystemExit as e:
        return str(e.code)
    return ''


def main():
    done = 0

    def check(name, ok, note):
        nonlocal done
        done += 1
        if not ok:
            print(''.join(f'# {line}\n' for line in note.splitlines()), end='')
        print(f'{"" if ok else "not "}ok {done} - {name}')

    with tempfile.TemporaryDirectory() as folder:
        for part, text in PARTS.items():
            with open(f'{folder}/{part}.html', 'w', encoding='utf-8') as f:
                f.write(text)
        messages = [f'{folder}/m.en', f'{folder}/m.es']
        for path in messages:
            with open(path, 'w', encoding='utf-8') as f:
                f.write('# words\nhelp = x\nonly_en = y\n')
        for name, source, line, reason in CASES:
            said = run(folder, source, messages)
            if line is None:
                check(f'taken: {name}', not said, said)
            else:
                check(f'refused: {name}',
                      said.startswith(f'{folder}/page.html:{line}: ') and
                      reason in said, said or 'it was taken')
        for text, at, reason in (
                ('help = x\n', f'{messages[0]}:3: ', 'only_en is missing in'),
                ('help\n', f'{messages[1]}:1: ', 'key = text'),
                ('help = x\nhelp = y\n', f'{messages[1]}:2: ', 'twice')):
            with open(messages[1], 'w', encoding='utf-8') as f:
                f.write(text)
            said = run(folder, 'x', messages)
            check(f'messages: {reason}',
                  said.startswith(at) and reason in said, said)
    print(f'1..{done}')


main()
