load helper

# What is read out of a message. Each case is data: test/data/mail/NAME.eml and, as jq -S prints it, what must come out in NAME.json.
setup() {
	lp_setup
	unset LP_DB
}

@test "parse: every message of test/data/mail gives what its .json says" {
	n=0
	for eml in "$LP_TOP"/test/data/mail/*.eml; do
		lp-read parse "$eml" | jq -S . >got || { echo "$eml"; false; }
		diff "${eml%.eml}.json" got || { echo "$eml"; false; }
		n=$((n + 1))
	done
	[ $n -gt 40 ]
}

@test "parse: an mbox gives a line for each message, unquoted; also many files in one process, and standard input" {
	printf '%s\n' 'From x@y.example Mon Nov 23 10:00:00 2026' 'From: a@b.example' 'Subject: one' '' 'hi' '>From me' '>>From you' '' 'From here on' '' \
		'From x@y.example Mon Nov 23 10:00:00 2026' 'From: a@b.example' 'Subject: two' '' 'x' >box
	printf 'From: a@b.example\nSubject: three\n\n>From nobody\n\nFrom x 10:00:00\n' >single
	run_ok lp-read parse box single
	assert_equal "$(jq -c '[.subject,.text]' <<<"$output")" '["one","hi\nFrom me\n>From you\n\nFrom here on\n"]
["two","x\n"]
["three",">From nobody\n\nFrom x 10:00:00\n"]'
	run_ok lp-read parse <box
	[ "${#lines[@]}" -eq 2 ]
	run_ok lp-read parse single - box <single
	[ "${#lines[@]}" -eq 4 ]
}

@test "parse: what is no mail is named, and the rest is done" {
	printf 'From x@y.example Mon Nov 23 10:00:00 2026\n\nnothing\n\nFrom x@y.example Mon Nov 23 10:00:00 2026\nSubject: two\n\nx\n' >box
	run_st 65 lp-read parse box
	assert_equal "$stderr" 'lp-read: box: not a mail message'
	assert_equal "$(jqs .subject)" '"two"'
	run_err 65 'not a mail message' lp-read parse </dev/null
	run_err 66 "can't open 'nowhere'" lp-read parse nowhere
	run_err 74 'reading the messages' lp-read parse .
}

# Bounds are held by the program as it is shipped: the sanitizers' own memory would hide them.
bounded() { # KILOBYTES COMMAND...
	k=$1
	shift
	(ulimit -v "$k" && exec env PATH="${LP_FAST:-$LP_TOP/bin}:$PATH" timeout 60 "$@")
}

@test "parse: 50 MB by its header only; just under the limit it is read whole" {
	{ printf 'From: a@b.example\nSubject: large\nContent-Type: text/plain\n\n'; head -c 50000000 /dev/zero | tr '\0' 'x' | fold -w 900; } >large
	run_ok bounded 150000 lp-read parse large
	assert_equal "$(jqs '[.subject,.text,.partial]')" '["large","",true]'
	run_ok bounded 150000 lp-read parse <large
	assert_equal "$(jqs '[.subject,.partial]')" '["large",true]'
	{ printf 'From: a@b.example\nSubject: m\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhi\n--x\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\n'
		head -c 26000000 large | tail -c 25990000; printf '\n--x--\n'; } >medium
	run_ok bounded 150000 lp-read parse medium
	assert_equal "$(jqs '[.text,.attachments[0].type,.attachments[0].size > 19000000]')" '["hi","application/zip",true]'
}

@test "parse: 10,000 parts in parts, a million empty parts, a million fields, a header of 1 MB: bounded, and read as far as it goes" {
	awk 'BEGIN { print "From: a@b.example\nSubject: s"; for (i = 0; i < 10000; i++) printf "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i; print "\nhi" }' >nested
	awk 'BEGIN { print "From: a@b.example\nSubject: s"; for (i = 0; i < 100000; i++) printf "Content-Type: message/rfc822\n\n"; print "Subject: x\n\nhi" }' >inside
	awk 'BEGIN { print "From: a@b.example\nSubject: s\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhi"; for (i = 0; i < 1000000; i++) print "--x\n" }' >parts
	awk 'BEGIN { print "From: a@b.example\nSubject: s"; for (i = 0; i < 1000000; i++) print "a:"; print "\nhi" }' >fields
	awk 'BEGIN { print "From: a@b.example\nSubject: s\nContent-Type: multipart/mixed; boundary=x\n"; for (i = 0; i < 100; i++) { print "--x"; for (k = 0; k < 10000; k++) print "a:"; print "\nhi" } }' >spread
	awk 'BEGIN { print "From: a@b.example\nSubject: s"; printf "X-Long: "; for (i = 0; i < 250000; i++) printf "abc "; print "\n\nhi" }' >long
	awk 'BEGIN { print "From: a@b.example\nSubject: s"; printf "References:"; for (i = 0; i < 60000; i++) printf " <a%d@b.example>", i; print "\n\nhi" }' >references
	awk 'BEGIN { print "From: a@b.example\nSubject: s"; for (i = 0; i < 50000; i++) printf "%s =?utf-8?q?=C3=BC?=\n", i ? "" : "X-Words:"; print "\nhi" }' >words
	awk 'BEGIN { print "From: a@b.example\nSubject: s"; printf "Content-Type: text/plain"; for (i = 0; i < 50000; i++) printf ";\n a*%d=b", i; print "\n\nhi" }' >parameters
	for f in nested inside parts fields spread long references words parameters; do
		run_ok bounded 150000 lp-read parse "$f"
		assert_equal "$f $(jqs '.subject')" "$f \"s\""
		case $f in
		parts | fields | long | references | words | parameters) assert_equal "$f $(jqs '.text[:2]')" "$f \"hi\"" ;;
		esac
	done
}

@test "parse: HTML that would take a parser minutes" {
	html='BEGIN { printf "From: a@b.example\nContent-Type: text/html\n\nhi"'
	awk "$html"'; for (i = 0; i < 20000; i++) printf "<div>"; for (i = 0; i < 40000; i++) printf "</x>" }' >deep
	awk "$html"'; printf "<p "; for (i = 0; i < 60000; i++) printf "a%d ", i; print ">you</p>" }' >attributes
	awk "$html"'; printf "<style>"; for (i = 0; i < 30000; i++) printf "@media {" }' >sheets
	awk "$html"'; for (i = 0; i < 100000; i++) printf "<b " }' >open
	for f in deep attributes sheets open; do
		run_ok bounded 150000 lp-read parse "$f"
		assert_equal "$f $(jqs '.text[:2]')" "$f \"hi\""
	done
}
