# tap: sourced by the lints. Each check is one subtest: "check NAME FILE" is
# passed if FILE, the list of what is wrong, is empty.
checks=0
failed=0

check() {
	checks=$((checks + 1))
	if [ -s "$2" ]; then
		failed=$((failed + 1))
		sed 's/^/# /' "$2"
		echo "not ok $checks - $1"
	else
		echo "ok $checks - $1"
	fi
}

skip() {
	checks=$((checks + 1))
	echo "ok $checks - $1 # SKIP $2"
}

finish() {
	echo "1..$checks"
	[ "$failed" -eq 0 ]
}

cd "${CCFED_SOURCE:-$(dirname "$0")/../..}" || exit 1
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# The project's C files: those that git knows, or, in an unpacked archive, all
# in the folders of the project.
c_files() {
	{
		git ls-files -- '*.c' '*.h' 2>/dev/null ||
			find daemon proto regional tests deploy -name '*.[ch]'
	} | sort
}
