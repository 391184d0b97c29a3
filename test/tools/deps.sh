#!/bin/sh
# deps.sh [-n] - what LeadPilot needs to build, and what `make check` needs besides.  On Debian and its kin it installs the packages
# that are missing; elsewhere it lists them.  -n only says what it would do.
set -eu

build='gcc make pkg-config libc6-dev libsqlite3-dev libcjson-dev libyaml-dev libgmime-3.0-dev libxml2-dev libical-dev libcsv-dev libssl-dev libcurl4-openssl-dev tzdata util-linux'
check='libcmocka-dev bats bats-assert bats-support mandoc jq shellcheck valgrind sqlite3 perl libio-socket-ssl-perl openssl'
# Real servers for the tests, which start them on ports of their own. Where services are run they would also start by themselves once
# installed: so only for root in a container or the like, never on somebody's desk or server.
[ "$(id -u)" -ne 0 ] || [ -d /run/systemd/system ] || check="$check postfix dovecot-imapd dovecot-lmtpd nghttp2-proxy"
dry=
[ "${1-}" = -n ] && dry=1

say() {
	printf 'deps: %s\n' "$*"
}

# one line for each thing that isn't there; nothing where all is
missing_here() {
	for c in "${CC:-cc}" make pkg-config flock install; do
		command -v "$c" >/dev/null || echo "the program '$c'"
	done
	for m in sqlite3 libcjson yaml-0.1 gmime-3.0 libxml-2.0 libcrypto libcurl libical; do
		pkg-config --exists "$m" 2>/dev/null || echo "the library '$m' (as pkg-config names it)"
	done
	[ -e /usr/share/zoneinfo/Europe/Berlin ] || echo 'the time zone database, /usr/share/zoneinfo'
	printf '#include <csv.h>\n' | "${CC:-cc}" -fsyntax-only -x c - 2>/dev/null || echo 'the library libcsv, with its archive libcsv.a'
	for c in bats mandoc jq shellcheck valgrind sqlite3 perl openssl; do
		command -v "$c" >/dev/null || echo "the program '$c' (for make check)"
	done
	pkg-config --exists cmocka 2>/dev/null || echo "the library 'cmocka' (for make check)"
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
	left=$(missing_here)
	[ -n "$left" ] || { say 'all is there'; exit 0; }
	say 'no apt-get here; please install:'
	printf '%s\n' "$left" | sed 's/^/  /'
	exit 1
fi

want=
for p in $build $check; do
	case $(dpkg-query -W -f '${Status}' "$p" 2>/dev/null) in
	'install ok installed') ;;
	*) want="$want $p" ;;
	esac
done
[ -n "$want" ] || { say 'all is there'; exit 0; }

as_root=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || { say "as root, please: apt-get install$want"; exit 1; }
	as_root=sudo
fi
say "installing$want${as_root:+ (with sudo)}"
[ -z "$dry" ] || exit 0
apt() {
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@"
}
# The package lists may be absent (a fresh container) or old: fetch them only when the first attempt can't find what it needs.
# shellcheck disable=SC2086 # a list of names
apt install -y --no-install-recommends $want >/dev/null 2>&1 || {
	say 'fetching the package lists'
	apt update
	apt install -y --no-install-recommends $want >/dev/null
}
say 'done'
