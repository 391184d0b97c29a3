#!/bin/sh
# mail-server.sh start DIR | stop DIR - a real mail system on loopback for tests, without systemd: Postfix (submission with STARTTLS, smtps, AUTH) that delivers
# through Dovecot into Maildirs, and Dovecot's IMAP.  Free ports, everything under DIR, nothing leaves the machine.  Root, postfix, dovecot-imapd, dovecot-lmtpd.
# DIR/env then says: SUBMISSION SMTPS IMAP IMAPS (ports), CA (file).  Users: kim@ours.example kim-pass, ana@lead.example ana-pass, bob@lead.example bob-pass;
# unknown ones get 550, other domains 554; at week.example everybody has a mailbox.  Mail lands in DIR/mail/USER/new, logs in DIR/log.  `mail-server.sh check` says what is missing, and exits 69 then.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin

check() {
	[ "$(id -u)" -eq 0 ] || { echo 'real mail servers are started by root alone'; exit 69; }
	for c in postfix dovecot doveadm openssl perl; do
		command -v "$c" >/dev/null || { echo "no $c here (make deps)"; exit 69; }
	done
	[ -e /usr/lib/dovecot/lmtp ] || { echo 'no dovecot-lmtpd here (make deps)'; exit 69; }
}

# five free ports, held open together so that they differ
ports() {
	perl -MIO::Socket::INET -e 'my @s = map { IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1) } 1 .. 4; print join " ", map { $_->sockport } @s'
}

users() {
	: >"$dir/users"
	: >"$dir/recipients"
	for u in kim@ours.example:kim-pass ana@lead.example:ana-pass bob@lead.example:bob-pass; do
		printf '%s:{PLAIN}%s\n' "${u%%:*}" "${u#*:}" >>"$dir/users"
		printf '%s ok\n' "${u%%:*}" >>"$dir/recipients"
	done
	printf '@week.example ok\n' >>"$dir/recipients"
}

dovecot_conf() {
	cat <<-END
		base_dir = $dir/run/dovecot
		state_dir = $dir/run/state
		instance_name = leadpilot-$imap
		log_path = $dir/log/dovecot.log
		auth_verbose = yes
		auth_failure_delay = 0
		protocols = imap lmtp
		listen = 127.0.0.1
		ssl = required
		ssl_cert = <$dir/tls/server.pem
		ssl_key = <$dir/tls/server.key
		disable_plaintext_auth = yes
		auth_mechanisms = plain login
		auth_username_format = %Lu
		mail_location = maildir:$dir/mail/%u
		mail_uid = mail
		mail_gid = mail
		first_valid_uid = 8
		first_valid_gid = 8
		passdb {
		  driver = passwd-file
		  args = $dir/users
		}
		userdb {
		  driver = static
		  args = uid=mail gid=mail home=$dir/mail/%u allow_all_users=yes
		}
		namespace inbox {
		  inbox = yes
		  mailbox Sent {
		    auto = subscribe
		    special_use = \Sent
		  }
		}
		service imap-login {
		  inet_listener imap {
		    port = $imap
		  }
		  inet_listener imaps {
		    port = $imaps
		    ssl = yes
		  }
		}
		service lmtp {
		  unix_listener $dir/run/lmtp {
		    mode = 0660
		    user = postfix
		  }
		}
		service auth {
		  unix_listener $dir/run/sasl {
		    mode = 0660
		    user = postfix
		  }
		}
		protocol lmtp {
		  postmaster_address = postmaster@lead.example
		}
	END
}

main_cf() {
	cat <<-END
		compatibility_level = 3.6
		queue_directory = $dir/queue
		data_directory = $dir/data
		maillog_file = $dir/log/postfix.log
		maillog_file_prefixes = $dir
		inet_interfaces = loopback-only
		inet_protocols = ipv4
		myhostname = mail.ours.example
		mydestination =
		mynetworks = 127.0.0.0/8
		alias_maps =
		alias_database =
		local_recipient_maps =
		local_transport = error:no local mail
		virtual_mailbox_domains = ours.example lead.example week.example
		virtual_mailbox_maps = texthash:$dir/recipients
		virtual_transport = lmtp:unix:$dir/run/lmtp
		default_transport = error:5.7.1 this server sends nothing to the outside
		relay_transport = error:5.7.1 this server sends nothing to the outside
		smtpd_recipient_restrictions = reject_non_fqdn_recipient, reject_unauth_destination
		smtpd_relay_restrictions = reject_unauth_destination
		smtpd_tls_cert_file = $dir/tls/server.pem
		smtpd_tls_key_file = $dir/tls/server.key
		smtpd_tls_security_level = may
		smtpd_sasl_type = dovecot
		smtpd_sasl_path = $dir/run/sasl
		smtpd_sasl_security_options = noanonymous
		smtpd_tls_auth_only = yes
		message_size_limit = 1048576
		smtpd_peername_lookup = no
		disable_dns_lookups = yes
	END
}

master_cf() {
	cat <<-END
		127.0.0.1:$submission inet n - n - - smtpd
		  -o syslog_name=submission -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes
		  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
		127.0.0.1:$smtps inet n - n - - smtpd
		  -o syslog_name=smtps -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes
		  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
		cleanup   unix  n - n - 0 cleanup
		qmgr      unix  n - n 300 1 qmgr
		tlsmgr    unix  - - n 1000? 1 tlsmgr
		rewrite   unix  - - n - - trivial-rewrite
		bounce    unix  - - n - 0 bounce
		defer     unix  - - n - 0 bounce
		trace     unix  - - n - 0 bounce
		verify    unix  - - n - 1 verify
		flush     unix  n - n 1000? 0 flush
		proxymap  unix  - - n - - proxymap
		error     unix  - - n - - error
		retry     unix  - - n - - error
		lmtp      unix  - - n - - lmtp
		anvil     unix  - - n - 1 anvil
		scache    unix  - - n - 1 scache
		postlog   unix-dgram n - n - 1 postlogd
	END
}

start() {
	check
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	[ ${#dir} -le 60 ] || { echo 'the directory is too long for unix sockets' >&2; exit 64; }
	chmod 755 "$dir"
	mkdir -p "$dir/dovecot" "$dir/postfix" "$dir/queue" "$dir/data" "$dir/mail" "$dir/run" "$dir/log"
	sh "$here/certs.sh" "$dir/tls"
	# shellcheck disable=SC2046
	set -- $(ports)
	submission=$1 smtps=$2 imap=$3 imaps=$4
	users
	chown postfix "$dir/data"
	chown -R mail:mail "$dir/mail"
	touch "$dir/log/dovecot.log" "$dir/log/postfix.log"
	dovecot_conf >"$dir/dovecot/dovecot.conf"
	main_cf >"$dir/postfix/main.cf"
	master_cf >"$dir/postfix/master.cf"
	dovecot -c "$dir/dovecot/dovecot.conf"
	postfix -c "$dir/postfix" start >"$dir/log/start.log" 2>&1 || { cat "$dir/log/start.log" >&2; stop; exit 70; }
	printf 'SUBMISSION=%s SMTPS=%s IMAP=%s IMAPS=%s CA=%s\n' "$submission" "$smtps" "$imap" "$imaps" "$dir/tls/ca.pem" >"$dir/env"
	# ready when it greets
	perl -MIO::Socket::INET -e 'for (1 .. 100) { my $s = IO::Socket::INET->new("127.0.0.1:$ARGV[0]"); exit 0 if $s and defined $s->getline; select undef, undef, undef, 0.1 } exit 75' "$submission"
}

stop() {
	postfix -c "$dir/postfix" stop >/dev/null 2>&1 || true
	doveadm -c "$dir/dovecot/dovecot.conf" stop 2>/dev/null || true
}

verb=${1:?usage: mail-server.sh start|stop DIR, or check}
[ "$verb" != check ] || { check; exit 0; }
dir=${2:?usage: mail-server.sh start|stop DIR, or check}
"$verb"
