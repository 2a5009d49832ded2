#!/bin/sh
# format: clang-format and the sizes of the house style.
. "$(dirname "$0")/tap.sh"

c_files | wc -l | awk '$1 < 20 { print "only " $1 " files were found" }' >"$out"
check "files were found" "$out"

# Another version would format otherwise.
if clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
	c_files | xargs -n 16 -P 2 clang-format --dry-run -Werror >"$out" 2>&1 ||
		echo "run clang-format -i on these" >>"$out"
	sed -n '/^run /p; s/^\([^ :]*\.[ch]\):.*/\1/p' "$out" | sort -u >"$out.short"
	mv "$out.short" "$out"
	check "clang-format leaves every file as it is" "$out"
else
	skip "clang-format leaves every file as it is" "clang-format 14 is missing"
fi

c_files | xargs wc -l | awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines" }' >"$out"
check "no file is longer than 600 lines" "$out"

# A function's body in kernel layout begins and ends with a brace at the left.
c_files | grep '\.c$' | xargs awk '
	FNR == 1 { open = 0 }
	/^{/ && head ~ /\)[ \t]*$/ { start = FNR; name = first; open = 1 }
	/^}/ && open {
		if (FNR - start - 1 > 60)
			print FILENAME ":" start ": " name " has " FNR - start - 1 " lines"
		open = 0
	}
	/^[a-z].*\(/ { first = $0; sub(/\(.*/, "", first); sub(/.*[ *]/, "", first) }
	{ head = $0 }' >"$out"
check "no function is longer than 60 lines" "$out"

c_files | grep '\.h$' | while read -r h; do
	head -c 3 "$h" | grep -q '^/\* ' || echo "$h: no comment at the top"
done >"$out"
check "every header begins with its purpose" "$out"

finish
