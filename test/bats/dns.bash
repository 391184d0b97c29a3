# Loaded after helper: a DNS server on loopback that answers from the file `zone` (test/tools/stub-dns.pl has its lines), by LP_DNS.

# start_dns, stop_dns: for setup and teardown.   zone: new lines, from standard input.   asked: the questions it got
start_dns() {
	: >zone
	perl "$LP_TOP/test/tools/stub-dns.pl" zone dns.port dns.log 3>&- &
	DNS_PID=$!
	for _ in $(seq 200); do
		[ ! -s dns.port ] || break
		sleep 0.02
	done
	export LP_DNS=127.0.0.1:$(cat dns.port)
}
zone() {
	cat >zone
}
stop_dns() {
	[ -z "${DNS_PID-}" ] || kill "$DNS_PID" 2>/dev/null || true
	DNS_PID=
}
K512=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAOsbPfYr6BogDob60McxY92AcML2tm37We0t9DhwQdPyr78u7V986dtjycOA3BjQGGzXXGs6MlcOHOkJv0NjnlMCAwEAAQ==
K1024=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDdAXw76DnaLf+phvQITMJ/wva25WNY/8PZpD/rvcJthQLEtwP0l3UtGg4HB1xbWlt3hrgRbLPLOUdoXl+wv37uI60+hu+jS3a13iEZz92b+mOgYjzCj/LqcmQfY9A/cNqSsN17ikxWkSjQHMW/DgIMonnxGmMNj396HUyld/X0UwIDAQAB
K2048=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2flbHZUQwFFew//P0ONLjJi8aA3zSd9dRVFMAH5vH/pdYB4TANFVi4V/UeJ7T+YueKH/3icpGh98jvtsDi+YAR7+PCThjDmdjCQcEfBerzg9iL04lxZoHQPbNP+K5zHwZiREHey1DjBW/iaW/UZlilomCxGQ4TWT20L7UvFLb4WbZKYVj2UF4SGhuhyOFBAZRG1ghVIz+fey8QfEQhluZBh5EBItQleEafwGfrkmhpm+Fbo1Xx8B9DjolJUC0TSeObMFi5XiRwnj2k3mnOjPxVbfnNKui5IARBFOgp3oY6brJocr4ZOXl3/ZaIBMWC4usjiD4Y67Ld0f6BafC6epFQIDAQAB
KBARE=MIGJAoGBAORoh45VCqJ3nB4IQnGuurTWZcPZ9sotraau3O0NlU9bdEKFoHPJEDvrZZEXBKfY/sAkWDNQoflk5v0ZMIMu9WA9Zc4LKKnSIzXQR4ImSsEj5joYV5Fz+4ZzKMDWs0T5D8sGoVS+FlG+28xkaQbQkxi0zKJcdiQq69hSVJsaC1KjAgMBAAE=
KED=8gyWJMkTQmaaxrP+Zjm17kWSneA7gCI99Szxt1yMwBw=

# good_zone: ours.example as it should be, its mail by a server of its own.   spf, dkim, dmarc, mx TEXT: the same, with this in its place ('' for nothing)
good_zone() {
	{
		grep -v "^ours.example TXT" <<-X
			ours.example MX 10 mail.ours.example
			mail.ours.example A 192.0.2.10
			10.2.0.192.in-addr.arpa PTR mail.ours.example
			s1._domainkey.ours.example TXT "v=DKIM1; k=rsa; p=$K2048"
			_dmarc.ours.example TXT "v=DMARC1; p=none; rua=mailto:dmarc@ours.example"
		X
		echo 'ours.example TXT "v=spf1 mx -all"'
	} >zone
	[ -z "${2-}" ] || sed -i "$2" zone
	[ -z "${1-}" ] || printf '%s\n' "$1" >>zone
}
