#!/bin/sh
# leadpilot - all programs by one name: `leadpilot log` runs lp-log; `leadpilot demo` shows a week of it.
set -eu
usage='leadpilot verb [argument ...]'

case $0 in
/*) PATH=${0%/*}:$PATH ;;
esac

verbs() {
	for f in "${0%/*}"/lp-*; do
		f=${f##*/}
		printf '%s ' "${f#lp-}"
	done
}

case ${1-} in
demo)
	shift
	for share in "${LP_SHARE-}" "${0%/*}/../share/leadpilot" "${0%/*}/.."; do
		[ ! -e "$share/examples/demo.sh" ] || LP_SHARE=$share exec sh "$share/examples/demo.sh" "$@"
	done
	echo "leadpilot: the examples are not where they were installed; LP_SHARE=DIR says where" >&2
	exit 66
	;;
-h | --help | help)
	printf 'usage: %s\nVerbs: demo %s\nEach is a program of its own: leadpilot log is lp-log; see its page.\nleadpilot(7) is the way in.\n' \
		"$usage" "$(verbs)"
	exit 0
	;;
-V | --version) exec lp-config -V ;;
'' | -*)
	printf 'usage: %s\n' "$usage" >&2
	exit 64
	;;
*[!a-z]*) ;;
*)
	verb=$1
	shift
	command -v "lp-$verb" >/dev/null && exec "lp-$verb" "$@"
	set -- "$verb"
	;;
esac
printf "leadpilot: no verb '%s'; there are: demo %s\n" "$1" "$(verbs)" >&2
exit 64
