#!/usr/bin/perl
# smtp-faults.pl [--port N] [--port-file FILE] [--log FILE] [options] - a mail server on 127.0.0.1 that fails on demand.
#
# The local part of the recipient (of the sender for MAIL) says what happens; a blank in an answer is written "_":
#   rcpt-550_5.1.1_unknown@x  data-451@x  dot-554_5.7.1_spam@x   this answer to RCPT, DATA, the end of the message
#   once-451@x        this answer to the end, once for each Message-ID
#   drop-rcpt@x drop-data@x drop-half@x drop-dot@x lost-dot@x    the line is cut: at RCPT, at DATA, amid the message, after its end (stored), the same unstored
#   stall-rcpt@x stall-data@x stall-half@x stall-dot@x           nothing more comes
#   endless-rcpt@x lines-rcpt@x drip-rcpt@x                      an answer without end: one line, many lines, a byte now and then
#   early-552@x       this answer in the middle of the message   junk-rcpt@x: no SMTP at all   twice-data@x: an answer too many
#   mail-553@x        as sender: this answer to MAIL
# Each message that is stored is a JSON line in FILE: from, to, message_id, bytes, data (as it came, dots undone), tls, user, connection.
#   --tls-dir DIR     server.pem and server.key there: STARTTLS; --implicit: TLS from the start; --client-ca FILE: a client's certificate is wanted
#   --auth 'PLAIN LOGIN CRAM-MD5 XOAUTH2' --user U --password P --token T; --auth-say '454 4.7.0 later': the answer to each login
#   --logins N: not on the first N connections
#   --inject          more words than its answer to STARTTLS come in the clear
#   --size N  --no-utf8  --no-pipelining  --greet '554 go away'  --stall-greet  --ehlo-endless  --per N: hang up after N messages  --delay MS at the end of each
#   --flaky P: of a hundred messages P end by chance in 451, in a cut before the end, after it, or after it and unstored
use strict;
use warnings;
use IO::Socket::INET;
use Digest::MD5 qw(md5);
use MIME::Base64;
use Time::HiRes qw(sleep);
use Getopt::Long;

my %o = (port => 0, utf8 => 1, pipelining => 1, user => 'sdr', password => 'secret', token => 'token-1', delay => 0, flaky => 0, logins => 0);
GetOptions(\%o, 'port=i', 'port-file=s', 'log=s', 'tls-dir=s', 'implicit', 'client-ca=s', 'auth=s', 'user=s', 'password=s', 'token=s', 'auth-say=s', 'logins=i', 'inject',
	'size=i', 'utf8!', 'pipelining!', 'greet=s', 'stall-greet', 'ehlo-endless', 'per=i', 'delay=i', 'flaky=i') or exit 64;
my $listen = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $o{port}, Listen => 64, ReuseAddr => 1) or die "listen: $!\n";
if (defined $o{'port-file'}) {
	open my $f, '>', "$o{'port-file'}.tmp" or die;
	print $f $listen->sockport, "\n";
	close $f;
	rename "$o{'port-file'}.tmp", $o{'port-file'};
}
$SIG{CHLD} = 'IGNORE';
$SIG{PIPE} = 'IGNORE';
my ($sock, %once, $user, $tls);
my $parent = getppid;
my $number = 0;
while (1) {
	my $in = '';
	vec($in, fileno $listen, 1) = 1;
	exit if getppid != $parent; # who started us is gone
	next unless select $in, undef, undef, 1;
	$sock = $listen->accept or next;
	$number++;
	my $pid = fork // next;
	if ($pid == 0) {
		srand(time ^ $$);
		close $listen;
		serve();
		exit;
	}
	close $sock;
}

sub out { my $s = join '', @_; $sock->print($s) or exit; $sock->flush; }
sub say_ { out("$_[0]\r\n") }
sub stall { sleep 1 while getppid != 1 }
sub line { my $l = $sock->getline; exit unless defined $l; $l =~ s/\r?\n\z//; $l }
sub start_tls {
	require IO::Socket::SSL;
	IO::Socket::SSL->start_SSL($sock, SSL_server => 1, SSL_cert_file => "$o{'tls-dir'}/server.pem", SSL_key_file => "$o{'tls-dir'}/server.key",
		($o{'client-ca'} ? (SSL_ca_file => $o{'client-ca'}, SSL_verify_mode => 3) : ())) or exit;
	$tls = 1;
}

sub talk_for_ever {
	my $how = shift;
	if ($how eq 'endless') { out('250 ', 'x' x 60000) while 1 }
	if ($how eq 'lines') { out("250-and on\r\n" x 1000) while 1 }
	while (1) { out('2'); sleep 0.05 }
}

# What is to happen at VERB; true where it did.
sub fault {
	my ($verb, $who) = @_;
	my ($local) = $who =~ /^<?([^@]*)@/ or return 0;
	if ($local =~ /^$verb-(\d{3}.*)/) {
		(my $t = $1) =~ tr/_/ /;
		say_($t =~ / / ? $t : "$t as asked");
		exit if $t =~ /^421/;
		return 1;
	}
	exit if $local eq "drop-$verb";
	stall() if $local eq "stall-$verb";
	talk_for_ever($1) if $local =~ /^(endless|lines|drip)-$verb$/;
	if ($local eq "junk-$verb") { out("<html>\r\n\r\n"); return 1 }
	return 0;
}

sub hmac { my ($k, $m) = @_; $k .= "\0" x (64 - length $k); md5(($k ^ ("\x5c" x 64)) . md5(($k ^ ("\x36" x 64)) . $m)) }
sub hex_ { unpack 'H*', $_[0] }

sub login {
	my ($mech, $first) = @_;
	my $ask = sub { say_('334 ' . encode_base64($_[0], '')); my $l = line(); $l eq '*' ? '' : decode_base64($l) };
	my ($u, $ok) = ('', 0);
	if ($mech eq 'PLAIN') {
		my (undef, $n, $p) = split /\0/, defined $first ? decode_base64($first) : $ask->('');
		($u, $ok) = ($n, $n eq $o{user} && $p eq $o{password});
	} elsif ($mech eq 'LOGIN') {
		$u = defined $first ? decode_base64($first) : $ask->('Username:');
		my $p = $ask->('Password:');
		$ok = $u eq $o{user} && $p eq $o{password};
	} elsif ($mech eq 'CRAM-MD5') {
		my $c = '<1.2@faults.example>';
		my ($n, $h) = split / /, $ask->($c);
		($u, $ok) = ($n, $n eq $o{user} && $h eq hex_(hmac($o{password}, $c)));
	} elsif ($mech eq 'XOAUTH2') {
		my $t = defined $first ? decode_base64($first) : $ask->('');
		($u) = $t =~ /^user=([^\001]*)\001/;
		$ok = $t =~ /\001auth=Bearer \Q$o{token}\E\001\001\z/;
		if (!$ok) { $ask->('{"status":"400","schemes":"bearer"}') }
	} else { say_('504 5.5.4 no such mechanism'); return }
	print STDERR 'login as ', $u // '', "\n";
	if ($o{'auth-say'} && $number > $o{logins}) { say_($o{'auth-say'}); return }
	if (!$ok) { say_('535 5.7.8 authentication failed'); return }
	$user = $u;
	say_('235 2.7.0 welcome');
}

sub json { my $s = shift; return 'null' unless defined $s; $s =~ s/([\\"\x00-\x1f\x7f-\xff])/sprintf '\\u%04x', ord $1/ge; "\"$s\"" }
sub store {
	my ($from, $to, $data) = @_;
	my ($id) = $data =~ /^message-id:\s*<?([^>\s]+)/mi;
	return unless defined $o{log};
	open my $f, '>>', $o{log} or die;
	syswrite $f, sprintf qq({"from":%s,"to":%s,"message_id":%s,"bytes":%d,"tls":%s,"user":%s,"connection":%d,"data":%s}\n), json($from), json($to), json($id),
		length $data, $tls ? 'true' : 'false', json($user), $number, json($data);
}

# The message, or undef where it stops on the way.
sub message {
	my $who = shift;
	my ($local) = $who =~ /^<?([^@]*)@/;
	my $data = '';
	while (defined(my $l = $sock->getline)) {
		return $data if $l eq ".\r\n";
		exit if $local eq 'drop-half';
		stall() if $local eq 'stall-half';
		if ($local =~ /^early-(\d{3})$/) { say_("$1 5.3.4 enough"); exit }
		$l =~ s/^\.//;
		$data .= $l;
	}
	exit;
}

sub seen_once { # by files: each connection is a process
	my $key = unpack 'H*', md5(shift);
	my $dir = ($o{log} // '/tmp/smtp-faults') . '.once';
	mkdir $dir;
	return mkdir "$dir/$key";
}

sub serve {
	my ($from, $to, $n) = ('', '', 0);
	start_tls() if $o{implicit};
	stall() if $o{'stall-greet'};
	say_($o{greet} // '220 faults.example ESMTP');
	exit if ($o{greet} // '') =~ /^[45]/;
	while (1) {
		my $l = line();
		if ($l =~ /^(EHLO|HELO)/i) {
			talk_for_ever('lines') if $o{'ehlo-endless'};
			out(join '', map { "250-$_\r\n" } 'faults.example', '8BITMIME', $o{pipelining} ? 'PIPELINING' : (), $o{utf8} ? 'SMTPUTF8' : (),
				defined $o{size} ? "SIZE $o{size}" : 'SIZE', $o{'tls-dir'} && !$tls ? 'STARTTLS' : (),
				$o{auth} && ($tls || !$o{'tls-dir'}) ? "AUTH $o{auth}" : ());
			say_('250 ENHANCEDSTATUSCODES');
		} elsif ($l =~ /^STARTTLS/i && $o{'tls-dir'} && !$tls) {
			out("220 go\r\n", $o{inject} ? "250-faults.example\r\n250 AUTH PLAIN\r\n" : ());
			start_tls();
		} elsif ($l =~ /^AUTH (\S+)(?: (\S+))?/i) { login(uc $1, $2)
		} elsif ($l =~ /^MAIL FROM:<([^>]*)>(.*)/i) {
			my ($f, $params) = ($1, $2);
			$from = $to = '';
			if ($o{per} && $n >= $o{per}) { say_('421 4.7.0 enough for one line'); exit }
			if ($o{auth} && !defined $user) { say_('530 5.7.0 log in first'); next }
			if (defined $o{size} && $o{size} && $params =~ /SIZE=(\d+)/ && $1 > $o{size}) { say_('552 5.3.4 too large'); next }
			next if fault('mail', $f);
			$from = $f;
			say_('250 2.1.0 ok');
		} elsif ($l =~ /^RCPT TO:<([^>]*)>/i) {
			my $t = $1;
			if ($from eq '') { say_('503 5.5.1 MAIL first'); next }
			if ($t =~ /^bye-421@/) { say_('421 4.3.2 going away'); exit }
			next if fault('rcpt', $t);
			$to = $t;
			say_('250 2.1.5 ok');
		} elsif ($l =~ /^DATA/i) {
			if ($to eq '') { say_('554 5.5.1 no valid recipients'); next }
			next if fault('data', $to);
			say_('354 go on');
			out("250 stored, you think\r\n") if $to =~ /^twice-data@/;
			my $chance = rand 100 < $o{flaky} ? int rand 4 : -1;
			exit if $chance == 0;
			my $data = message($to);
			sleep $o{delay} / 1000 if $o{delay};
			exit if $to =~ /^lost-dot@/ || $chance == 1;
			if ($chance == 2) { say_('451 4.3.0 not now'); next }
			if ($to =~ /^once-(\d{3})@/) {
				my $code = $1;
				my ($id) = $data =~ /^message-id:\s*(\S+)/mi;
				if (seen_once($id // '')) { say_("$code 4.3.0 not now"); next }
			}
			if ($to =~ /^drop-dot@/ || $chance == 3) { store($from, $to, $data); exit }
			next if fault('dot', $to);
			store($from, $to, $data);
			$n++;
			($from, $to) = ('', '');
			say_('250 2.0.0 stored');
		} elsif ($l =~ /^RSET/i) { ($from, $to) = ('', ''); say_('250 2.0.0 ok')
		} elsif ($l =~ /^NOOP/i) { say_('250 2.0.0 ok')
		} elsif ($l =~ /^QUIT/i) { say_('221 2.0.0 bye'); exit
		} else { say_('500 5.5.2 what?') }
	}
}
