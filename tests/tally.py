#!/usr/bin/env python3
"""tally: counts the subtests in meson's testlog.json files.

    tally.py LABEL FILE

Prints what failed and what was skipped by name, and last the three numbers.
"""
import json
import re
import sys

LINE = re.compile(r'^(not )?ok\b\s*(\d*)\s*(?:-\s*)?([^#]*?)\s*(?:#\s*(.*))?$')


def subtests(text):
    """Yield (name, outcome, why) for each TAP line."""
    for line in text.splitlines():
        m = LINE.match(line)
        if not m:
            continue
        name, note = m.group(3), m.group(4) or ''
        if note.upper().startswith('SKIP'):
            # cmocka puts the name behind: "not ok 1 # SKIP name".
            why = note[4:].strip()
            yield (name or why, 'skipped', why if name else '')
        else:
            yield (name, 'failed' if m.group(1) else 'passed', '')


def of_test(test):
    """Outcomes of one test program, also of one that died half way."""
    text = test.get('stdout') or ''
    found = list(subtests(text))
    plan = re.search(r'^1\.\.(\d+)', text, re.M)
    result, code = test['result'], test.get('returncode', 0)
    failed = any(o == 'failed' for _, o, _ in found)
    if found and plan and len(found) != int(plan.group(1)):
        found.append(('%d of %s subtests ran, %s' % (len(found), plan.group(1),
                                                   result),
                      'failed', ''))
    elif result in ('TIMEOUT', 'INTERRUPT') or not failed and \
            (code != 0 or result == 'ERROR') and result != 'SKIP':
        found.append(('ended with %s, exit code %s' % (result, code),
                      'failed', ''))
    elif not found:
        found.append(('', {'OK': 'passed', 'EXPECTEDFAIL': 'passed',
                           'SKIP': 'skipped'}.get(result, 'failed'), ''))
    return found


def main():
    label, path = sys.argv[1:3]
    total = {'passed': 0, 'failed': 0, 'skipped': 0}
    try:
        with open(path, encoding='utf-8', errors='replace') as f:
            tests = [json.loads(line) for line in f if line.strip()]
    except OSError as e:
        print('  FAILED %s: no results (%s)' % (label, e.strerror))
        tests, total['failed'] = [], 1
    for test in tests:
        program = test['name'].split(' / ')[-1]
        for name, outcome, why in of_test(test):
            total[outcome] += 1
            if outcome == 'passed':
                continue
            print('  %s %s: %s%s%s' % (
                outcome.upper() if outcome == 'failed' else outcome, label,
                program, ' / ' + name if name else '',
                ' (%s)' % why if why else ''))
    print('%(passed)d %(failed)d %(skipped)d' % total)


main()
