#!/usr/bin/perl
# stub-dns.pl ZONE PORTFILE LOG - a DNS server for tests, on loopback, by UDP and TCP.  It answers from ZONE, read anew each time; each question is a line in LOG.
#
#   ours.example       TXT   "v=spf1 include:_spf.ours.example -all" "one more string of the same record"
#   ours.example       MX    10 mx.ours.example
#   _submission._tcp.ours.example SRV 0 5 587 mail.ours.example
#   10.2.0.192.in-addr.arpa PTR mail.ours.example           A, AAAA, CNAME likewise.  TXT repeat:N:TEXT is one record of N times TEXT.
#   slow.example       FAULT drop        the answer never comes: drop, servfail, refused, truncate (by UDP), cut (by TCP, halfway), stall (TCP answers nothing),
#                                        garbage, loop (a name that points at itself), counts (more records than there are), noedns (FORMERR to EDNS),
#                                        nochase (an alias without what it stands for), foreign (an answer to another question first)
# A name that has no line is NXDOMAIN; one without this type has no data.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Socket 'inet_pton', 'AF_INET6';

my ($zone, $portfile, $log) = @ARGV;
my %types = (A => 1, NS => 2, CNAME => 5, PTR => 12, MX => 15, TXT => 16, AAAA => 28, SRV => 33);
my ($udp, $tcp);
for (1 .. 50) {
	$udp = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Proto => 'udp') or die "udp: $!";
	$tcp = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $udp->sockport, Proto => 'tcp', Listen => 16, ReuseAddr => 1) and last;
}
die "tcp: $!" unless $tcp;
open my $pf, '>', "$portfile.new" or die "$portfile: $!";
print $pf $udp->sockport, "\n";
close $pf;
rename "$portfile.new", $portfile or die "$portfile: $!";
$SIG{TERM} = sub { exit 0 };
$SIG{PIPE} = 'IGNORE';
$SIG{CHLD} = 'IGNORE';

sub name { join('', map { chr(length) . $_ } grep { $_ ne '' } split /\./, $_[0]) . "\0" }

sub data {
	my ($type, $text) = @_;
	if ($type eq 'TXT') {
		my @s;
		if ($text =~ /^repeat:(\d+):(.*)/) {
			@s = unpack '(a255)*', $2 x $1;
		} else {
			push @s, $1 while $text =~ /"((?:[^"\\]|\\.)*)"/g;
			s/\\(\d\d\d)/chr $1/ge for @s;
		}
		return join '', map { chr(length) . $_ } map { length ? unpack('(a255)*', $_) : '' } @s;
	}
	return pack('C4', split /\./, $text) if $type eq 'A';
	return inet_pton(AF_INET6, $text) if $type eq 'AAAA';
	my @w = split ' ', $text;
	return join('', map { pack 'n', $_ } @w[0 .. $#w - 1]) . name($w[-1]);
}

# The rows of a name: [type, text], and its faults
sub rows {
	my ($want) = @_;
	my (@rows, %fault);
	open my $in, '<', $zone or die "$zone: $!";
	while (<$in>) {
		next if /^\s*(#|$)/;
		my ($n, $type, $text) = /^(\S+)\s+(\S+)\s+(.*?)\s*$/ or next;
		next if lc $n ne lc $want;
		if ($type eq 'FAULT') { $fault{$text} = 1 } else { push @rows, [$type, $text] }
	}
	return (\@rows, \%fault);
}

sub answer {
	my ($q, $by) = @_;
	return if length $q < 17;
	my ($id, $flags, undef, undef, undef, $extra) = unpack 'n6', $q;
	my ($at, @labels) = 12;
	while ((my $n = ord substr $q, $at, 1) > 0) {
		push @labels, substr $q, $at + 1, $n;
		$at += $n + 1;
	}
	my $name = join '.', @labels;
	my ($type) = unpack 'n', substr $q, $at + 1, 2;
	my $question = substr $q, 12, $at + 5 - 12;
	my ($word) = grep { $types{$_} == $type } keys %types;
	open my $out, '>>', $log or die "$log: $!";
	print $out "$by $name ", $word // $type, "\n";
	close $out;
	my ($rows, $fault) = rows($name);
	my $reply = sub { pack('n6', $id, 0x8180 | $_[0], 1, $_[1], 0, 0) . $question . $_[2] };
	return if $fault->{drop};
	return $reply->(2, 0, '') if $fault->{servfail};
	return $reply->(5, 0, '') if $fault->{refused};
	return pack('n6', $id, 0x8181, 0, 0, 0, 0) if $fault->{noedns} && $extra;
	return $reply->(0x200, 0, '') if ($fault->{truncate} || $fault->{cut} || $fault->{stall}) && $by eq 'udp';
	return pack('n', $id) . "\x81\x80" . join '', map { chr(($_ * 37) & 255) } 1 .. 90 if $fault->{garbage};
	return $reply->(0, 1, "\xc0" . chr(12 + length $question) . pack('nnNn', $type, 1, 60, 2) . "\xc0" . chr(12 + length $question)) if $fault->{loop};
	my ($n, $body, $owner, %seen) = (0, '', $name);
	while (1) {
		my $alias;
		for (@$rows) {
			my $cname = $_->[0] eq 'CNAME' && ($word // '') ne 'CNAME';
			next unless $cname || $_->[0] eq ($word // '');
			my $d = data($_->[0], $_->[1]);
			$body .= name($owner) . pack('nnNn', $types{ $_->[0] }, 1, 60, length $d) . $d;
			$n++;
			$alias = $_->[1] if $cname;
		}
		last unless defined $alias && !$fault->{nochase} && !$seen{$alias}++;
		$owner = $alias;
		($rows) = rows($owner);
	}
	my $r = $reply->($n == 0 && !@$rows ? 3 : 0, $fault->{counts} ? 900 : $n, $body);
	return $reply->(0x200, 0, '') if $by eq 'udp' && length $r > ($extra ? 1232 : 512);
	return (pack('n', $id ^ 1) . substr($r, 2), $r) if $fault->{foreign};
	return substr $r, 0, length($r) / 2 if $fault->{cut};
	return $r;
}

my $both = IO::Select->new($udp, $tcp);
while (1) {
	for my $s ($both->can_read) {
		if ($s == $udp) {
			my $from = $udp->recv(my $q, 4096);
			defined $from && $udp->send($_, 0, $from) for answer($q, 'udp');
			next;
		}
		my $c = $tcp->accept or next;
		next if fork;
		alarm 20;
		if (sysread($c, my $head, 2) == 2) {
			sysread $c, my $q, unpack 'n', $head;
			my ($r) = answer($q, 'tcp');
			my $name = lc join '.', do { my ($at, @l) = 12; while ((my $n = ord substr $q, $at, 1) > 0) { push @l, substr $q, $at + 1, $n; $at += $n + 1 } @l };
			my (undef, $fault) = rows($name);
			sysread $c, my $end, 1 if $fault->{stall}; # until they go
			print $c pack('n', length($r) + ($fault->{cut} ? 100 : 0)) . $r if defined $r;
			$c->flush;
		}
		exit 0;
	}
}
