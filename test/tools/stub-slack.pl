#!/usr/bin/perl
# stub-slack.pl PORTFILE LOG FAULTS - Slack's incoming webhook for tests, on loopback.  It holds each request against what the service takes, and answers as the
# service does: in plain words.  Each text that it took is a JSON line in LOG; each line of FAULTS is what happens to one request, in their order:
#   429 7         too many, retry-after: 7         404 no_service, 410 channel_is_archived, 403 invalid_token, 500 rollup_error: these words
#   drop          closed without an answer          told-drop   taken, then closed without an answer       html   200 with a page of somebody else's
use strict;
use warnings;
use Fcntl ':flock';
use IO::Socket::INET;
use JSON::PP;

my ($portfile, $log, $faults) = @ARGV;
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Proto => 'tcp', Listen => 64, ReuseAddr => 1) or die "listen: $!";
open my $pf, '>', "$portfile.new" or die "$portfile: $!";
print $pf $server->sockport, "\n";
close $pf;
rename "$portfile.new", $portfile or die "$portfile: $!";
$SIG{CHLD} = 'IGNORE';
my $parent = getppid;

# The next fault; taken out of the file.
sub fault {
	open my $f, '+<', $faults or return '';
	flock $f, LOCK_EX;
	my @lines = <$f>;
	my $first = shift @lines // '';
	seek $f, 0, 0;
	truncate $f, 0;
	print $f @lines;
	close $f;
	chomp $first;
	return $first;
}

sub reply {
	my ($c, $status, $body, $headers) = @_;
	print $c "HTTP/1.1 $status X\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: " . length($body) . "\r\n" . ($headers // '') . "\r\n$body";
}

# What the service refuses, in its words; undef where nothing is wrong.
sub wrong {
	my ($head, $body) = @_;
	return (404, 'no_service') unless $head =~ m{^POST /services/T0/B0/[A-Za-z0-9]+ HTTP/1};
	return (400, 'invalid_payload') unless $head =~ m{^content-type:\s*application/json}mi;
	my $o = eval { JSON::PP->new->utf8->decode($body) };
	return (400, 'invalid_payload') unless ref $o eq 'HASH';
	my %known = map { $_ => 1 } qw(text blocks attachments thread_ts mrkdwn unfurl_links unfurl_media response_type);
	for (keys %$o) { return (400, 'invalid_payload') unless $known{$_} }
	for (qw(mrkdwn unfurl_links unfurl_media)) { return (400, 'invalid_payload') unless JSON::PP::is_bool($o->{$_} // JSON::PP::false) }
	return (400, 'no_text') unless defined $o->{text} && !ref $o->{text} && length $o->{text};
	return (400, 'msg_too_long') if length $o->{text} > 40000;
	# no control sequence of ours: a name could call everybody, or hide where a link leads
	return (400, 'invalid_payload: not escaped') if $o->{text} =~ /[<>]/ || $o->{text} =~ /&(?!(amp|lt|gt);)/;
	return (undef, $o);
}

sub serve {
	my ($c) = @_;
	my ($head, $body) = ('', '');
	while (defined(my $line = <$c>)) {
		last if $line eq "\r\n";
		$head .= $line;
	}
	read $c, $body, $1 if $head =~ /^content-length:\s*(\d+)/mi;
	my ($status, $what) = wrong($head, $body);
	return reply($c, $status, $what) if defined $status;
	my $f = fault();
	return if $f eq 'drop';
	return reply($c, 429, 'rate_limited', "Retry-After: $1\r\n") if $f =~ /^429 (\S+)/;
	return reply($c, $1, $2) if $f =~ /^(\d{3}) (.*)/;
	return reply($c, 200, '<html>Log in to the airport</html>') if $f eq 'html';
	open my $out, '>>', $log or die "$log: $!";
	flock $out, LOCK_EX;
	print $out JSON::PP->new->utf8->canonical->encode($what), "\n";
	close $out;
	return if $f eq 'told-drop';
	reply($c, 200, 'ok');
}

while (1) {
	my $in = '';
	vec($in, fileno $server, 1) = 1;
	exit if getppid != $parent; # who started us is gone
	next unless select $in, undef, undef, 1;
	my $c = $server->accept or next;
	my $pid = fork // next;
	if ($pid == 0) {
		close $server;
		serve($c);
		close $c;
		exit;
	}
	close $c;
}
