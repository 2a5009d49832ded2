#!/bin/sh
# layers: who may include whom.
#
#	core <- proto <- web <- {hub, regional} <- cli, main
#
# Hub and regional never include each other. Of regional/release, only gate
# makes an event, and outbox knows of nothing but a release.
. "$(dirname "$0")/tap.sh"

# "FILE HEADER" for every include of ours, in the files under the given paths.
includes() {
	c_files | grep -E "^($1)" | xargs -r grep -HE '^#[ ]*include[ ]+"' |
		sed -E 's/^([^:]*):#[ ]*include[ ]+"([^"]*)".*/\1 \2/'
}

# FOLDER may include only what matches ALLOWED.
layer() {
	includes "$1" | grep -vE "^[^ ]+ ($2)" >"$out"
	check "$1 includes only what stands below it" "$out"
}

core='daemon/core/'
proto="$core|proto/|ccfed\.pb-c\.h\$|proto/ccfed\.pb-c\.h\$"
web="$proto|daemon/web/"

c_files | wc -l | awk '$1 < 20 { print "only " $1 " files were found" }' >"$out"
check "files were found" "$out"

layer daemon/core/ "$core"
layer proto/ "$proto"
layer daemon/web/ "$web"
layer daemon/hub/ "$web|daemon/hub/"
layer regional/ "$web|regional/"
layer daemon/cli/ "$web|daemon/hub/|regional/|daemon/cli/"
layer daemon/main\\.c "$web|daemon/hub/|regional/|daemon/cli/"

# Only the wire's own module sees generated code.
includes 'daemon/|regional/|proto/' | grep 'pb-c\.h$' |
	grep -vE '^proto/(codec|wire)[a-z_]*\.[ch] ' >"$out"
check "only the codec uses generated code" "$out"

# Markup comes from templates; others write values.
includes 'daemon/|regional/|proto/|tests/' | grep ' daemon/web/html_markup\.h$' |
	grep -v '^daemon/web/html\.c ' >"$out"
check "only templates write markup" "$out"

# The outbox takes a release: neither cases, nor facts, nor the gate's insides.
includes 'regional/release/outbox' |
	grep -E ' (regional/case/|regional/release/(facts|gate))' >"$out"
check "the outbox takes nothing but a release" "$out"

# Product code does not know its tests.
includes 'daemon/|regional/|proto/' | grep ' tests/' >"$out"
check "nothing includes the tests" "$out"

# Bare neighbors would escape the patterns above.
includes 'daemon/|regional/|proto/|tests/' | grep -vE ' [a-z]+/' |
	grep -vE ' [a-z_]+\.(inc|pb-c\.h)$' >"$out"
check "includes are written from the root" "$out"

finish
