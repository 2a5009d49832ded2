#!/bin/sh
# banned: calls, names and files that the project does without.
. "$(dirname "$0")/tap.sh"

# Calls of the given names, comments left out. A comment ends on its line or
# fills whole lines that begin with " *".
calls() {
	c_files | grep -vE "${2:-^$}" | xargs grep -nE "(^|[^a-zA-Z0-9_.>])($1)[ ]*\(" |
		grep -vE '^[^:]*:[0-9]+:[[:space:]]*(/?\*|//)' |
		sed -E 's,/\*.*\*/,,' | grep -E "(^|[^a-zA-Z0-9_.>])($1)[ ]*\("
}

c_files | wc -l | awk '$1 < 20 { print "only " $1 " files were found" }' >"$out"
check "files were found" "$out"

calls 'malloc|calloc|realloc|strdup|strndup|asprintf|vasprintf' \
	'^(daemon/core/mem\.c|tests/fuzz/)' >"$out"
check "only mem allocates" "$out"

calls 'sprintf|vsprintf|strcpy|strcat|strncpy|strncat|gets|strtok|atoi|atol' >"$out"
check "no call that writes without a bound or reads without a check" "$out"

calls 'time|gettimeofday|localtime|gmtime|rand|srand|random' '^tests/' >"$out"
check "time comes from clock, randomness from rand" "$out"

c_files | xargs grep -nE '(^|[^a-z])(TODO|FIXME)' | grep -vE 'TODO\(#[0-9]+\)' >"$out"
check "nothing is left to do without an issue" "$out"

ls -A | grep -vxE '\..*|meson\.build|meson_options\.txt|README\.md|LICENSE|daemon|proto|regional|tests|deploy|build[^/]*' >"$out"
check "the top holds only what belongs there" "$out"

# File names are unique, so that a name in a log or a talk is one file. Each
# folder may have what the tools want there.
{
	c_files | grep -vE '^(tests|deploy)/'
	find daemon regional -path '*/templates/*.html' # tpl_NAME.c
} | sed 's,.*/,,' | sort | uniq -d >"$out"
check "no two files have one name" "$out"

finish
