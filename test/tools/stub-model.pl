#!/usr/bin/perl
# stub-model.pl SCRIPT PORTFILE LOG - a language model for tests, on loopback: it speaks Anthropic's Messages and OpenAI's Chat Completions, refuses what the
# services refuse, and answers by the rules of SCRIPT.  Each request is a JSON line in LOG: path, key, body, and the port that it
# came from: a connection is kept, as the services keep theirs.
#
# With PORTFILE '-' it is a program for the provider 'command': one request on standard input, the answer on standard output.
#
# A rule is one JSON object a line; the first whose "match" (a substring of the body, or several; default any) fits and whose "times" (default endless) aren't used up counts:
#   {"match":"…","json":{…}}          the answer as it was asked for: a tool call or a JSON text      {"text":"…"}  words in place of it
#   {"status":429,"headers":{"retry-after":"1"},"error":"…","type":"rate_limit_error"}                an error in the service's own form
#   {"raw":"<html>"}  this body   {"cut":1}  half of the answer, then closed   {"drop":1}  closed without a word   {"stop":"max_tokens"}  why it ended   {"written":400}  so many tokens now in its cache
#   {"any":[RULE,...]}  one of them, by the first address in the question     "ms": wait so long first.
# In "json" @LURE@ is the first address at evil.example or collector.example in the body, or such a one: a model that does what it is told by anybody.
use strict;
use warnings;
use Fcntl ':flock';
use IO::Socket::INET;
use JSON::PP;
use Time::HiRes 'sleep';

my ($script, $portfile, $log) = @ARGV;
my $json = JSON::PP->new->utf8->canonical->allow_nonref;
if ($portfile eq '-') {
	my $body = do { local $/; <STDIN> };
	note({ body => $json->decode($body) });
	my $r = rule_for($body);
	exit 3 if ($r->{status} // 200) != 200 || $r->{drop};
	binmode STDOUT, ':raw';
	print defined $r->{raw} ? $r->{raw} : exists $r->{json} ? $json->encode($r->{json}) : $r->{text} // 'ok';
	exit 0;
}
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Proto => 'tcp', Listen => 128, ReuseAddr => 1) or die "listen: $!";
open my $pf, '>', "$portfile.new" or die "$portfile: $!";
print $pf $server->sockport, "\n";
close $pf;
rename "$portfile.new", $portfile or die "$portfile: $!";
$SIG{CHLD} = 'IGNORE';
$SIG{TERM} = sub { exit 0 };

# The rules are read anew each time, so that a test may change them; how often each was used is in SCRIPT.used.
sub rule_for {
	my ($body) = @_;
	open my $lock, '+>>', "$script.used" or die "$script.used: $!";
	flock $lock, LOCK_EX;
	seek $lock, 0, 0;
	my %used;
	$used{ $_ + 0 }++ while <$lock>;
	open my $in, '<', $script or die "$script: $!";
	my $n = 0;
	while (my $line = <$in>) {
		next if $line =~ /^\s*(#|$)/;
		my $r = $json->decode($line);
		$n++;
		next if grep { index($body, $_) < 0 } ref $r->{match} ? @{ $r->{match} } : $r->{match} // ();
		next if defined $r->{times} && ($used{$n} // 0) >= $r->{times};
		if ($r->{any}) {
			my ($who) = $body =~ /([\w.+-]+@[\w.-]+)/; # by whom it is about: the order in which they come is nobody's
			$r = $r->{any}[unpack('%32C*', $who // '') % @{ $r->{any} }];
		}
		if (exists $r->{json}) {
			my ($lure) = $body =~ /([\w.-]+@(?:evil|collector)\.example)/;
			$r->{json} = $json->decode($json->encode($r->{json}) =~ s/\@LURE@/$lure \/\/ 'eve@evil.example'/ger);
			$r->{json}{reasoning} .= 'x' x $r->{pad} if $r->{pad};
		}
		print $lock "$n\n";
		close $lock;
		return $r;
	}
	close $lock;
	return { status => 500, error => 'no rule fits', type => 'api_error' };
}

sub note {
	my ($what) = @_;
	open my $out, '>>', $log or return;
	flock $out, LOCK_EX;
	print $out $json->encode($what), "\n";
	close $out;
}

sub reply {
	my ($c, $status, $headers, $body, $cut) = @_;
	my $head = "HTTP/1.1 $status X\r\nContent-Length: " . length($body) . "\r\n";
	$headers->{'content-type'} //= 'application/json';
	$head .= "$_: $headers->{$_}\r\n" for sort keys %$headers;
	$body = substr $body, 0, length($body) / 2 if $cut;
	print $c "$head\r\n$body";
	return !$cut;
}

sub failed {
	my ($c, $anthropic, $status, $type, $message, $headers) = @_;
	my $e = $anthropic ? { type => 'error', error => { type => $type, message => $message } } : { error => { message => $message, type => $type, code => $type } };
	reply($c, $status, $headers // {}, $json->encode($e));
}

# What the services refuse: the first thing that is wrong, or nothing.
sub wrong {
	my ($anthropic, $h, $b) = @_;
	return (400, 'invalid_request_error', 'the body is no JSON object') unless ref $b eq 'HASH';
	return (401, 'authentication_error', 'invalid key') if ($anthropic ? $h->{'x-api-key'} // '' : $h->{authorization} // '') =~ /wrong/;
	return (401, 'authentication_error', 'no key') if $anthropic && !defined $h->{'x-api-key'};
	return (400, 'invalid_request_error', 'anthropic-version: header is required') if $anthropic && ($h->{'anthropic-version'} // '') ne '2023-06-01';
	return (400, 'invalid_request_error', 'content-type') if ($h->{'content-type'} // '') !~ m{^application/json};
	return (404, 'not_found_error', "model: $b->{model}") if ($b->{model} // 'missing') =~ /^missing/;
	my %known = map { $_ => 1 } $anthropic ? qw(model max_tokens messages system temperature tools tool_choice) :
	    qw(model messages max_tokens max_completion_tokens temperature response_format);
	for (sort keys %$b) {
		return (400, 'invalid_request_error', "$_: Extra inputs are not permitted") unless $known{$_};
	}
	return (400, 'invalid_request_error', 'max_tokens: Field required') if $anthropic && !($b->{max_tokens} // 0);
	return (400, 'invalid_request_error', 'messages: Field required') unless ref $b->{messages} eq 'ARRAY' && @{ $b->{messages} };
	return (400, 'invalid_request_error', 'temperature') if defined $b->{temperature} && ($b->{temperature} < 0 || $b->{temperature} > ($anthropic ? 1 : 2));
	for my $m (@{ $b->{messages} }) {
		return (400, 'invalid_request_error', 'messages: role') unless ($m->{role} // '') =~ ($anthropic ? qr/^(user|assistant)$/ : qr/^(system|developer|user|assistant)$/);
		return (400, 'invalid_request_error', 'messages: content') unless defined $m->{content} && length $m->{content};
	}
	for my $t (@{ $b->{tools} // [] }) {
		return (400, 'invalid_request_error', 'tools: input_schema') unless ref $t->{input_schema} eq 'HASH' && $t->{name} =~ /^[a-zA-Z0-9_-]{1,64}$/;
	}
	my $f = $b->{response_format};
	return (400, 'invalid_request_error', 'response_format') if $f && ($f->{type} ne 'json_schema' || !$f->{json_schema}{name} || !$f->{json_schema}{schema});
	return;
}

sub answer {
	my ($c, $anthropic, $b, $r) = @_;
	my $text = exists $r->{json} ? $json->encode($r->{json}) : $r->{text} // 'ok';
	my $whole;
	if ($anthropic) {
		my $tool = $b->{tools} ? $b->{tools}[0]{name} : undef;
		my $block = exists $r->{json} && $tool ? { type => 'tool_use', id => 'toolu_1', name => $tool, input => $r->{json} } : { type => 'text', text => $text };
		$whole = { id => 'msg_1', type => 'message', role => 'assistant', model => $b->{model}, content => [$block],
			stop_reason => $r->{stop} // ($block->{type} eq 'tool_use' ? 'tool_use' : 'end_turn'),
			usage => { input_tokens => 1000, output_tokens => 50, cache_read_input_tokens => 200, cache_creation_input_tokens => $r->{written} // 0 } };
	} else {
		$whole = { id => 'chatcmpl-1', object => 'chat.completion', model => $b->{model}, choices => [{ index => 0, message => { role => 'assistant',
			content => $text, refusal => undef }, finish_reason => ($r->{stop} // '') eq 'max_tokens' ? 'length' : 'stop' }],
			usage => { prompt_tokens => 1200, completion_tokens => 50, total_tokens => 1250, prompt_tokens_details => { cached_tokens => 200 } } };
	}
	reply($c, 200, {}, $json->encode($whole), $r->{cut});
}

# One request: true where another may follow.
sub serve {
	my ($c) = @_;
	my ($head, $body) = ('', '');
	while (defined(my $line = <$c>)) {
		last if $line eq "\r\n";
		$head .= $line;
	}
	return if $head eq '';
	my ($path) = $head =~ m{^POST (\S+) HTTP/1};
	my %h = map { lc($_->[0]) => $_->[1] } map { [ /^([^:]+):\s*(.*?)\r?$/ ] } grep { /:/ } split /\n/, $head =~ s/^[^\n]*\n//r;
	read $c, $body, $h{'content-length'} // 0;
	my $b = eval { $json->decode($body) };
	my $anthropic = ($path // '') =~ m{/messages$};
	note({ path => $path, key => $h{'x-api-key'} // $h{authorization}, agent => $h{'user-agent'}, port => $c->peerport, body => $b });
	return failed($c, 1, 404, 'not_found_error', 'no such path') unless defined $path && ($anthropic || $path =~ m{/chat/completions$});
	my @bad = wrong($anthropic, \%h, $b);
	return failed($c, $anthropic, @bad) if @bad;
	my $r = rule_for($body);
	sleep($r->{ms} / 1000) if $r->{ms};
	return if $r->{drop};
	return reply($c, $r->{status} // 200, { 'content-type' => 'text/html' }, $r->{raw}) if defined $r->{raw};
	return failed($c, $anthropic, $r->{status}, $r->{type} // 'api_error', $r->{error} // 'failed', $r->{headers}) if ($r->{status} // 200) != 200;
	answer($c, $anthropic, $b, $r);
}

while (my $c = $server->accept) {
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		close $server;
		1 while serve($c);
		close $c;
		exit 0;
	}
	close $c;
}
