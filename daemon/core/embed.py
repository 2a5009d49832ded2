#!/usr/bin/env python3
"""Turns text files into a C source: embed.py OUT.c NAME FILE...

Makes `const char *const NAME[]` with one string per file, in the order given,
and `const int NAME_count`. SQL migrations stay readable as SQL that way."""
import sys

out, name, files = sys.argv[1], sys.argv[2], sys.argv[3:]
with open(out, "w", encoding="utf-8") as c:
    c.write("/* made by daemon/core/embed.py */\n")
    c.write(f"extern const char *const {name}[];\n")
    c.write(f"extern const int {name}_count;\n")
    c.write(f"const char *const {name}[] = {{\n")
    # In parentheses: clang takes a text of two lines for a missing comma.
    for path in files:
        c.write("\t(\n")
        for line in open(path, encoding="utf-8"):
            text = line.rstrip("\n").replace("\\", "\\\\").replace('"', '\\"')
            c.write(f'\t"{text}\\n"\n')
        c.write("\t),\n")
    c.write(f"}};\nconst int {name}_count = {len(files)};\n")
