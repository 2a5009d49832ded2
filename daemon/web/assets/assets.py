#!/usr/bin/env python3
"""Embeds the assets of the pages: assets.py OUT.c FILE...

Each gets a path with its own hash, so that it may be kept for ever, and a gzip
twin. The table is that of daemon/web/asset.h."""
import gzip
import hashlib
import os
import sys

TYPES = {'.css': 'text/css; charset=utf-8',
         '.js': 'text/javascript; charset=utf-8',
         '.svg': 'image/svg+xml',
         '.txt': 'text/plain; charset=utf-8'}


def literal(name, data):
    """Bytes as a C string; octal escapes can't run into what follows."""
    lines = []
    for i in range(0, len(data), 64):
        text = ''.join({'"': '\\"', '\\': '\\\\', '?': '\\?'}.get(chr(b)) or (
            chr(b) if 32 <= b < 127 else '\\%03o' % b)
                       for b in data[i:i + 64])
        lines.append(f'\t"{text}"')
    return f'static const char {name}[] =\n' + '\n'.join(lines) + ';\n'


def main():
    out, files = sys.argv[1], sys.argv[2:]
    table = []
    with open(out, 'w', encoding='utf-8') as c:
        c.write('/* made by daemon/web/assets/assets.py */\n'
                '#include "daemon/web/asset.h"\n\n')
        for i, path in enumerate(sorted(files, key=os.path.basename)):
            name = os.path.basename(path)
            stem, ending = os.path.splitext(name)
            data = open(path, 'rb').read()
            # Without the time of the build: the same source, the same bytes.
            packed = gzip.compress(data, 9, mtime=0)
            tag = hashlib.sha256(data).hexdigest()[:16]
            c.write(literal(f'data{i}', data) + literal(f'gz{i}', packed))
            table.append(
                f'\t{{"{name}", "/assets/{stem}-{tag}{ending}", '
                f'"{TYPES[ending]}", "\\"{tag}\\"",\n'
                f'\t (const unsigned char *)data{i}, '
                f'(const unsigned char *)gz{i}, {len(data)}, {len(packed)}}},\n')
        c.write('\nconst struct asset asset_table[] = {\n' + ''.join(table) +
                f'}};\nconst size_t asset_count = {len(table)};\n')


main()
