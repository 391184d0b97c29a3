#!/bin/sh
# The build: strict under gcc and clang, installs and takes itself away again, and the scripts are sound.
. test/tools/tap.sh

strict() {
	make -s -j2 DEVELOPER=1 CC=gcc BUILD=build/strict BIN=build/strict/bin all
}

by_clang() {
	make -s -j2 DEVELOPER=1 CC=clang CFLAGS=-O1 BUILD=build/clang BIN=build/clang/bin all
}

installs() {
	make -s install DESTDIR="$tap_dir/root" PREFIX=/usr || return 1
	for c in cmd/*; do
		p=${c#cmd/}
		p=${p%.*}
		[ -x "$tap_dir/root/usr/bin/$p" ] || { echo "$p was not installed"; return 1; }
	done
	for m in man/*.[1-8]; do
		[ -e "$tap_dir/root/usr/share/man/man${m##*.}/${m#man/}" ] || { echo "$m was not installed"; return 1; }
	done
}

uninstalls() {
	make -s uninstall DESTDIR="$tap_dir/root" PREFIX=/usr || return 1
	left=$(find "$tap_dir/root" ! -type d)
	[ -z "$left" ] || { echo "$left"; return 1; }
}

idle() {
	make -q all
}

scripts() {
	# shellcheck disable=SC2046 # names without blanks
	shellcheck -S warning -x $(find cmd examples test -name '*.sh') .ci/run
}

# Start-up is part of the interface: what a tick with nothing due starts must not draw in an edge library.
core_is_light() {
	for p in lp-tasks lp-enqueue lp-memory lp-decide lp-draft lp-rules lp-config; do
		heavy=$(ldd "bin/$p" | grep -E 'gmime|glib|libcurl|libxml|libical')
		[ -z "$heavy" ] || { echo "$p: $heavy"; return 1; }
	done
}

ok 'core programs link no library of the edge' core_is_light
ok 'gcc -Werror has nothing to say' strict
if command -v clang >/dev/null; then
	ok 'clang -Werror has nothing to say' by_clang
else
	skip 'clang -Werror has nothing to say' 'no clang here'
fi
ok 'a second make does nothing' idle
ok 'make install installs every program and page' installs
ok 'make uninstall leaves nothing' uninstalls
ok 'shellcheck has nothing to say' scripts
tap_end
