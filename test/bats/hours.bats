# Schedules as data (test/data/hours.jsonl), and `lp-config hours --batch`.
load helper

@test "hours: every case of the table" {
	local table=$LP_TOP/test/data/hours.jsonl
	jq -c 'select(.out) | .in' "$table" >in
	jq -c 'select(.out) | .out' "$table" >want
	[ -s want ]
	run_ok bash -c 'lp-config hours --batch <in >got'
	diff want got || {
		jq -r 'select(.out) | .name' "$table" | paste -d '\t' - want got | awk -F '\t' '$2 != $3'
		fail 'the table and the program differ'
	}
}

@test "hours: every refusal of the table, by line and reason, and the rest is done" {
	local table=$LP_TOP/test/data/hours.jsonl n=0 line
	{
		jq -c 'select(.err) | .in' "$table"
		echo '{"timezone":"UTC","days":["monday"],"start":"09:00","end":"17:00","at":"2026-03-02T10:00:00Z"}'
	} >in
	jq -r 'select(.err) | .err' "$table" >want
	run_st 65 bash -c 'lp-config hours --batch <in'
	assert_equal "$output" '{"open":true,"next_open":"2026-03-02T10:00:00.000Z"}'
	while IFS= read -r line; do
		n=$((n + 1))
		[[ $(sed -n "${n}p" <<<"$stderr") == "lp-config: stdin:$n: "*"$line"* ]] || fail "line $n wants '$line': $(sed -n "${n}p" <<<"$stderr")"
	done <want
	assert_equal "$(wc -l <<<"$stderr")" "$(wc -l <want)"
}

@test "hours --batch: malformed lines, blank lines, no lines" {
	run_st 65 bash -c 'printf "nonsense\n\n[]\n{\"timezone\":\"UTC\",\"days\":[\"monday\"],\"start\":\"09:00\",\"end\":\"17:00\",\"at\":\"2026-03-03\"}" | lp-config hours --batch'
	assert_equal "$output" '{"open":false,"next_open":"2026-03-09T09:00:00.000Z"}'
	[[ $stderr == *'stdin:1: '* && $stderr == *'stdin:3: '* ]]
	run_ok lp-config hours --batch
	assert_output ''
}

@test "hours --batch: without 'at' it is now; without home, database and TZ" {
	local line='{"timezone":"Europe/Berlin","days":"mon-fri","start":"09:00","end":"17:00"}'
	run_ok bash -c "echo '$line' | env -i PATH=\"\$PATH\" LP_NOW=2026-03-02T10:00:00Z \$(command -v lp-config) hours --batch"
	assert_output '{"open":true,"next_open":"2026-03-02T10:00:00.000Z"}'
}

@test "hours --batch: unknown zones also where the zone files are elsewhere, or missing" {
	mkdir -p zones/Here && cp /usr/share/zoneinfo/Europe/Berlin zones/Here/Town && echo 'not a zone' >zones/Here/Fake
	local l='"days":["monday"],"start":"09:00","end":"17:00","at":"2026-03-02T08:30:00Z"}'
	run_st 65 bash -c "printf '%s\n' '{\"timezone\":\"Here/Town\",$l' '{\"timezone\":\"Here/Fake\",$l' '{\"timezone\":\"UTC\",$l' '{\"timezone\":\"Europe/Berlin\",$l' |
		TZDIR=$PWD/zones lp-config hours --batch"
	assert_output '{"open":true,"next_open":"2026-03-02T08:30:00.000Z"}
{"open":false,"next_open":"2026-03-02T09:00:00.000Z"}'
	[[ $stderr == *"stdin:2: unknown time zone 'Here/Fake' (did you mean 'Here/Town'?)"* ]]
	[[ $stderr == *"stdin:4: unknown time zone 'Europe/Berlin'"* ]]
	run_st 65 bash -c "echo '{\"timezone\":\"Europe/Berlin\",$l' | TZDIR=$PWD/none lp-config hours --batch"
	[[ $stderr == *'install tzdata'* ]]
}

@test "hours --batch: standard output closed or full is told" {
	run_st 74 bash -c "echo '{\"timezone\":\"UTC\",\"days\":[],\"start\":\"09:00\",\"end\":\"17:00\"}' | lp-config hours --batch >/dev/full"
}
