#!/usr/bin/perl
# stub-phone.pl SCRIPT PORTFILE LOG - the services of telephones for tests, on loopback: Meta's Cloud API, Twilio's Messages (with its list), and one of no name.
# It refuses what the services refuse.  Each request is a JSON line in LOG: service, method, path, agent, type, auth, the body as it came, its fields, and what
# was answered; "taken" where a message would have left.
#
# A rule is one JSON object a line of SCRIPT, read anew each time; the first whose "match" (a substring of path and body, default any) fits and whose "times" (default
# endless) aren't used up counts, for requests that are in order:
#   {"match":"…","status":429,"headers":{"retry-after":"7"},"json":{…}}   this answer   {"raw":"<html>"}  this body
#   {"drop":1}  closed without a word, nothing taken     {"lost":1}  taken, and closed without a word    {"hide":1}  beside lost: nor does the list have it
#   {"cut":1}   taken, half of the answer
use strict;
use warnings;
use IO::Socket::INET;
use JSON::PP;
use MIME::Base64;

my ($script, $portfile, $log) = @ARGV;
my $json = JSON::PP->new->utf8->canonical->allow_nonref;
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Proto => 'tcp', Listen => 32, ReuseAddr => 1) or die "listen: $!";
open my $pf, '>', "$portfile.new" or die "$portfile: $!";
print $pf $server->sockport, "\n";
close $pf;
rename "$portfile.new", $portfile or die "$portfile: $!";
$SIG{TERM} = sub { exit 0 };
$SIG{PIPE} = 'IGNORE';

my $sid = 'AC' . '0123456789abcdef' x 2;
my %parameters = (intro => 2, plain => 0); # of the templates that are approved
my $content = 'HX' . 'f' x 32;
my (%used, @list, $number);

sub rule_for {
	my ($what) = @_;
	open my $in, '<', $script or return {};
	my $n = 0;
	while (my $line = <$in>) {
		next if $line =~ /^\s*(#|$)/;
		my $r = $json->decode($line);
		$n++;
		next if defined $r->{match} && index($what, $r->{match}) < 0;
		next if defined $r->{times} && ($used{"$n $line"} // 0) >= $r->{times};
		$used{"$n $line"}++;
		return $r;
	}
	return {};
}

sub unescape {
	my ($s) = @_;
	$s =~ tr/+/ /;
	$s =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
	return $s;
}

sub form {
	my ($s) = @_;
	my %f;
	for my $pair (split /&/, $s) {
		my ($k, $v) = split /=/, $pair, 2;
		return undef if !defined $v || $pair =~ /[^A-Za-z0-9\-._~%+=]/ || exists $f{ unescape($k) };
		$f{ unescape($k) } = unescape($v);
	}
	return \%f;
}

sub meta_error {
	my ($status, $code, $message) = @_;
	return ($status, { error => { message => $message, type => 'OAuthException', code => $code, fbtrace_id => 'x' } });
}

# A JSON object with no other fields than these, and all of those before the '|'.
sub object {
	my ($o, $fields) = @_;
	return 0 unless ref $o eq 'HASH';
	my ($must, $may) = map { [split] } split /\|/, "$fields|", -1;
	my %known = map { $_ => 1 } @$must, @$may;
	return !(grep { !exists $o->{$_} } @$must) && !(grep { !$known{$_} } keys %$o);
}

# A parameter as Meta takes it: some text, without line breaks, tabs, or more than four blanks in a row
sub parameter {
	my ($p) = @_;
	return object($p, 'type text') && $p->{type} eq 'text' && !ref $p->{text} && $p->{text} =~ /\S/ && $p->{text} !~ /[\n\r\t]| {5}/;
}

# Either ($status, $answer) of an error, or (200, undef) and it is in order.
sub meta {
	my ($q, $h) = @_;
	return meta_error(401, 190, 'Invalid OAuth access token') unless ($h->{authorization} // '') eq 'Bearer meta-token';
	return meta_error(400, 100, 'Unsupported request') unless $q->{method} eq 'POST';
	return meta_error(400, 100, 'content type') unless ($h->{'content-type'} // '') eq 'application/json';
	return meta_error(400, 100, 'User-Agent') unless ($h->{'user-agent'} // '') =~ m{^[a-zA-Z0-9_-]+/[0-9]+\.[0-9]+\.[0-9]+$};
	my $b = eval { $json->decode($q->{body}) };
	return meta_error(400, 100, 'no JSON object') unless ref $b eq 'HASH';
	$q->{fields} = $b;
	return meta_error(400, 100, "unknown field $_") for grep { !/^(messaging_product|recipient_type|to|type|text|template|context)$/ } keys %$b;
	return meta_error(400, 100, 'messaging_product') unless ($b->{messaging_product} // '') eq 'whatsapp';
	return meta_error(400, 100, 'recipient_type') unless ($b->{recipient_type} // 'individual') eq 'individual';
	return meta_error(400, 100, 'context') unless !exists $b->{context} || object($b->{context}, 'message_id');
	return meta_error(400, 131009, 'to') unless ($b->{to} // '') =~ /^[1-9][0-9]{6,14}$/;
	if (($b->{type} // '') eq 'text') {
		my $t = $b->{text}{body};
		return meta_error(400, 100, 'text: its fields') unless object($b->{text}, 'body|preview_url') && JSON::PP::is_bool($b->{text}{preview_url} // JSON::PP::false);
		return meta_error(400, 131009, 'text') unless defined $t && !ref $t && length $t && length $t <= 4096 && !exists $b->{template};
	} elsif (($b->{type} // '') eq 'template') {
		my $t = $b->{template};
		return meta_error(400, 100, 'template: its fields') unless object($t, 'name language|components') && object($t->{language}, 'code') && !exists $b->{text};
		return meta_error(400, 100, 'components') unless ref($t->{components} // []) eq 'ARRAY'
			&& !grep { !object($_, 'type parameters') || ref $_->{parameters} ne 'ARRAY' } @{ $t->{components} // [] };
		return meta_error(404, 132001, 'no such template') unless defined $parameters{ $t->{name} // '' } && ($t->{language}{code} // '') eq 'en_US';
		my @p = map { @{ $_->{parameters} } } grep { $_->{type} eq 'body' } @{ $t->{components} // [] };
		return meta_error(400, 132000, 'number of parameters') if @p != $parameters{ $t->{name} };
		return meta_error(400, 100, 'a parameter') if grep { !parameter($_) } @p;
		return meta_error(400, 100, 'a component without parameters') if grep { !@{ $_->{parameters} } } @{ $t->{components} // [] };
	} else {
		return meta_error(400, 131051, 'type');
	}
	return (200, undef);
}

sub twilio_error {
	my ($status, $code, $message) = @_;
	return ($status, { code => $code, message => $message, more_info => "https://www.twilio.com/docs/errors/$code", status => $status });
}

sub twilio {
	my ($q, $h) = @_;
	my $login = ($h->{authorization} // '') =~ /^Basic (\S+)$/ ? decode_base64($1) : '';
	return twilio_error(401, 20003, 'Authenticate') unless $login eq "$sid:twilio-token" && $q->{path} =~ m{/Accounts/$sid/};
	return (200, undef) if $q->{method} eq 'GET';
	return twilio_error(405, 20004, 'Method not allowed') unless $q->{method} eq 'POST' && $q->{path} !~ /\?/;
	return twilio_error(400, 21620, 'content type') unless ($h->{'content-type'} // '') eq 'application/x-www-form-urlencoded';
	my $f = $q->{fields} = form($q->{body}) or return twilio_error(400, 20001, 'no form');
	return twilio_error(400, 20001, "unknown field $_") for grep { !/^(To|From|MessagingServiceSid|Body|ContentSid|ContentVariables|StatusCallback)$/ } keys %$f;
	return twilio_error(400, 21211, "Invalid 'To' Phone Number") unless ($f->{To} // '') =~ /^(whatsapp:)?\+[1-9][0-9]{6,14}$/;
	my $wa = $f->{To} =~ /^whatsapp:/;
	return twilio_error(400, 21603, 'no From') unless defined $f->{From} xor defined $f->{MessagingServiceSid};
	return twilio_error(400, 21212, "Invalid 'From'") if defined $f->{From} && $f->{From} !~ ($wa ? qr/^whatsapp:\+[1-9][0-9]{6,14}$/ : qr/^\+[1-9][0-9]{6,14}$/);
	return twilio_error(400, 21602, 'body') unless defined $f->{Body} xor defined $f->{ContentSid};
	return twilio_error(400, 20001, 'MessagingServiceSid') if defined $f->{MessagingServiceSid} && $f->{MessagingServiceSid} !~ /^MG[0-9a-fA-F]{32}$/;
	return twilio_error(400, 21609, 'StatusCallback') if defined $f->{StatusCallback} && $f->{StatusCallback} !~ m{^https?://[^\s/]+};
	if (defined $f->{Body}) {
		my $body = $f->{Body};
		return twilio_error(400, 21602, 'body') unless length $body;
		return twilio_error(400, 20001, 'Body: no UTF-8') unless utf8::decode($body);
		return twilio_error(400, 21617, 'too long') if length $body > 1600;
	}
	if (defined $f->{ContentSid}) {
		return twilio_error(400, 21655, 'ContentSid') unless $wa && $f->{ContentSid} eq $content;
		my $v = eval { $json->decode($f->{ContentVariables} // '') };
		return twilio_error(400, 21656, 'ContentVariables') unless ref $v eq 'HASH' && join(',', sort keys %$v) eq '1,2' && !grep { ref || !/\S/ || /[\n\r\t]| {5}/ } values %$v;
	}
	return (200, undef);
}

sub other {
	my ($q, $h) = @_;
	return (401, { error => 'key' }) unless ($h->{authorization} // '') eq 'Bearer other-token';
	my $type = $h->{'content-type'} // '';
	my $f = $q->{fields} = $type eq 'application/json' ? eval { $json->decode($q->{body}) } : $type eq 'application/x-www-form-urlencoded' ? form($q->{body}) : undef;
	return (400, { error => 'body', code => 'E1' }) unless ref $f eq 'HASH' && ($f->{to} // '') =~ /^\+[1-9][0-9]{6,14}$/ && length($f->{text} // '');
	return (200, undef);
}

# The message is taken: its name, and what is answered.
sub taken {
	my ($q) = @_;
	my $f = $q->{fields};
	$number++;
	return (200, { messaging_product => 'whatsapp', contacts => [ { input => $f->{to}, wa_id => $f->{to} } ], messages => [ { id => "wamid.$number" } ] })
		if $q->{service} eq 'meta';
	return (202, { messages => [ { id => "other-$number" } ] }) if $q->{service} eq 'other';
	my $m = { sid => sprintf('SM%032x', $number), status => 'queued', to => $f->{To}, from => $f->{From}, body => $f->{Body} // 'from a template', num_segments => '1',
		direction => 'outbound-api', error_code => undef, error_message => undef, uri => '/x' };
	unshift @list, $m;
	return (201, $m);
}

sub listed {
	my ($q) = @_;
	my %f = map { my ($k, $v) = split /=/, $_, 2; (unescape($k), unescape($v // '')) } split /&/, $q->{path} =~ /\?(.*)/ ? $1 : '';
	return twilio_error(400, 20001, 'DateSent') if ($f{'DateSent>'} // '') !~ /^\d{4}-\d\d-\d\d$/;
	return (200, { messages => [ grep { $_->{to} eq $f{To} && !$_->{hidden} } @list ], next_page_uri => undef });
}

sub answer {
	my ($c, $q, $h) = @_;
	my $say = $q->{service} eq 'meta' ? \&meta : $q->{service} eq 'twilio' ? \&twilio : \&other;
	my ($status, $o) = $say->($q, $h);
	my $rule = $status == 200 ? rule_for("$q->{path}\n$q->{body}") : {};
	my $raw;
	if ($status == 200 && $rule->{drop}) {
		$status = 0;
	} elsif ($status == 200 && ($rule->{status} || defined $rule->{raw})) {
		($status, $o, $raw) = ($rule->{status} // 200, $rule->{json} // {}, $rule->{raw});
	} elsif ($status == 200 && $q->{method} eq 'GET') {
		($status, $o) = listed($q);
	} elsif ($status == 200) {
		($status, $o) = taken($q);
		$q->{taken} = 1;
		$list[0]{hidden} = 1 if $rule->{hide};
		$status = 0 if $rule->{lost};
	}
	$q->{status} = $status;
	open my $out, '>>', $log or die "$log: $!";
	print $out $json->encode($q), "\n";
	close $out;
	return if $status == 0;
	my $body = $raw // $json->encode($o);
	my $head = "HTTP/1.1 $status X\r\nConnection: keep-alive\r\nContent-Type: application/json\r\nContent-Length: " . length($body) . "\r\n";
	$head .= "$_: $rule->{headers}{$_}\r\n" for sort keys %{ $rule->{headers} // {} };
	$body = substr $body, 0, length($body) / 2 if $rule->{cut};
	print $c "$head\r\n$body";
}

while (my $c = $server->accept) {
	my (%h, $body);
	my $first = <$c> // '';
	while (defined(my $line = <$c>)) {
		$line =~ s/\r?\n$//;
		last if $line eq '';
		$h{ lc $1 } = $2 if $line =~ /^([^:]+):\s*(.*)$/;
	}
	my ($method, $path) = $first =~ m{^(\S+) (\S+) HTTP/1};
	next unless defined $path;
	read $c, $body, $h{'content-length'} // 0;
	my $q = { method => $method, path => $path, body => $body // '', agent => $h{'user-agent'}, type => $h{'content-type'}, auth => $h{authorization},
		service => $path =~ m{^/v23\.0/[0-9]+/messages$} ? 'meta' : $path =~ m{^/2010-04-01/} ? 'twilio' : 'other' };
	answer($c, $q, \%h);
	close $c;
}
