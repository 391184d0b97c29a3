#!/bin/sh
# certs.sh DIR [--expired] - an authority of its own and a server's certificate for localhost: DIR/ca.pem, server.pem, server.key.  Small keys: for tests alone.
set -eu
dir=${1:?usage: certs.sh DIR [--expired]}
mkdir -p "$dir"
days=30
[ "${2-}" = --expired ] && days=-1
ext() {
	printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n'
}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj '/CN=LeadPilot test authority' \
	-addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' -keyout "$dir/ca.key" -out "$dir/ca.pem" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=localhost' -keyout "$dir/server.key" -out "$dir/server.csr" 2>/dev/null
ext >"$dir/ext"
openssl x509 -req -days "$days" -in "$dir/server.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial -extfile "$dir/ext" -out "$dir/server.pem" 2>/dev/null
rm -f "$dir/server.csr" "$dir/ext"
