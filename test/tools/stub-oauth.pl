#!/usr/bin/perl
# stub-oauth.pl DIR PORTFILE - an OAuth 2.0 provider for tests, on loopback: strict about every field of a form, and with refresh tokens that count once.
#
#   GET  /authorize    a person's consent: sends the browser back with a code, where all parameters are right      POST /devicecode   RFC 8628
#   POST /token        grants: authorization_code (PKCE is checked), device_code, refresh_token
# What DIR says is read anew for each request: mode (a word: invalid_grant, 503, garbage, html, slow, cut, keep: refresh tokens aren't replaced, norefresh, short,
# deny, forge: comes back with another state), secret (the client must send it), device (a word a line: authorization_pending, slow_down, expired_token, access_denied, ok).
# DIR/refresh is the refresh token that counts; DIR/log has a JSON line for each request; DIR/n counts the tokens.
use strict;
use warnings;
use Digest::SHA 'sha256';
use Fcntl ':flock';
use IO::Socket::INET;
use JSON::PP;
use MIME::Base64 'encode_base64url';
use Time::HiRes 'sleep';

my ($dir, $portfile) = @ARGV;
my $json = JSON::PP->new->utf8->canonical;
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Proto => 'tcp', Listen => 64, ReuseAddr => 1) or die "listen: $!";
open my $pf, '>', "$portfile.new" or die "$portfile: $!";
print $pf $server->sockport, "\n";
close $pf;
rename "$portfile.new", $portfile or die "$portfile: $!";
$SIG{CHLD} = 'IGNORE';
$SIG{TERM} = sub { exit 0 };
$SIG{PIPE} = 'IGNORE';

sub slurp {
	my ($name) = @_;
	open my $in, '<', "$dir/$name" or return '';
	local $/;
	my $s = <$in> // '';
	$s =~ s/\n\z//;
	return $s;
}

sub spew {
	my ($name, $text) = @_;
	open my $out, '>', "$dir/$name" or die "$dir/$name: $!";
	print $out "$text\n";
	close $out;
}

sub note {
	open my $out, '>>', "$dir/log" or return;
	print $out $json->encode($_[0]), "\n";
	close $out;
}

sub reply {
	my ($c, $status, $body, $more) = @_;
	$body = $json->encode($body) if ref $body;
	my $type = $body =~ /^\{/ ? 'application/json' : 'text/html';
	print $c "HTTP/1.1 $status X\r\nConnection: close\r\nContent-Type: $type\r\nContent-Length: " . length($body) . "\r\n" . ($more // '') . "\r\n$body";
}

sub unescape {
	my ($s) = @_;
	$s =~ tr/+/ /;
	$s =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
	return $s;
}

# A form as a hash; nothing where a field is there twice.
sub form {
	my ($text) = @_;
	my %f;
	for (split /&/, $text) {
		my ($k, $v) = map { unescape($_) } split /=/, $_, 2;
		return if exists $f{$k} || !defined $v;
		$f{$k} = $v;
	}
	return \%f;
}

# All that must be there, and nothing else but what may.
sub fields {
	my ($f, $must, $may) = @_;
	my %known = map { $_ => 1 } @$must, @$may;
	return !grep({ !length($f->{$_} // '') } @$must) && !grep({ !$known{$_} } keys %$f);
}

sub tokens {
	my ($mode, $renew) = @_;
	my $n = (slurp('n') || 0) + 1;
	spew('n', $n);
	my %t = (access_token => "access-$n", token_type => 'Bearer', expires_in => $mode eq 'short' ? 1 : 3600, scope => 'mail');
	if ($renew && $mode ne 'keep' && $mode ne 'norefresh') {
		$t{refresh_token} = "refresh-$n/+=";
		spew('refresh', $t{refresh_token});
	}
	return \%t;
}

sub token {
	my ($c, $f, $mode) = @_;
	my $grant = $f->{grant_type} // '';
	my $secret = slurp('secret');
	return reply($c, 400, { error => 'invalid_grant', error_description => "Token $mode <b>revoked</b>" }) if $mode eq 'invalid_grant';
	return reply($c, 401, { error => 'invalid_client' }) if $secret ne ($f->{client_secret} // '') || ($f->{client_id} // '') ne 'client-1';
	if ($grant eq 'refresh_token') {
		return reply($c, 400, { error => 'invalid_request' }) unless fields($f, [qw(client_id refresh_token grant_type)], [qw(client_secret scope)]);
		return reply($c, 400, { error => 'invalid_grant' }) if $f->{refresh_token} ne slurp('refresh');
		return reply($c, 200, tokens($mode, 1));
	}
	if ($grant eq 'authorization_code') {
		return reply($c, 400, { error => 'invalid_request' })
		    unless fields($f, [qw(client_id code redirect_uri code_verifier grant_type)], [qw(client_secret scope)]) && $f->{code_verifier} =~ /^[A-Za-z0-9._~-]{43,128}$/;
		my ($code, $challenge, $back) = split /\n/, slurp('code');
		unlink "$dir/code";
		return reply($c, 400, { error => 'invalid_grant' })
		    if ($code // '') ne $f->{code} || $challenge ne encode_base64url(sha256($f->{code_verifier})) || $back ne $f->{redirect_uri};
		return reply($c, 200, tokens($mode, 1));
	}
	if ($grant eq 'urn:ietf:params:oauth:grant-type:device_code') {
		return reply($c, 400, { error => 'invalid_request' }) unless fields($f, [qw(client_id device_code grant_type)], [qw(client_secret)]);
		my ($word, @rest) = split /\n/, slurp('device');
		spew('device', join "\n", @rest);
		return reply($c, 400, { error => 'invalid_grant' }) if $f->{device_code} ne 'device-1';
		return reply($c, 400, { error => $word // 'expired_token' }) if ($word // '') ne 'ok';
		return reply($c, 200, tokens($mode, 1));
	}
	reply($c, 400, { error => 'unsupported_grant_type' });
}

sub authorize {
	my ($c, $f, $mode) = @_;
	my $back = $f->{redirect_uri} // '';
	return reply($c, 400, 'bad request')
	    unless fields($f, [qw(client_id redirect_uri response_type scope state code_challenge code_challenge_method)], [qw(access_type prompt login_hint)]) &&
	    $f->{response_type} eq 'code' && $f->{code_challenge_method} eq 'S256' && $f->{client_id} eq 'client-1' && length $f->{state} >= 20 &&
	    $back =~ m{^http://(127\.0\.0\.1|localhost):\d+/$};
	my $state = $mode eq 'forge' ? 'x' x 43 : $f->{state};
	$state =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ge;
	return reply($c, 302, '', "Location: $back?error=access_denied&state=$state\r\n") if $mode eq 'deny';
	spew('code', "code/+1\n$f->{code_challenge}\n$back");
	reply($c, 302, '', "Location: $back?state=$state&code=code%2F%2B1&scope=mail\r\n");
}

sub serve {
	my ($c) = @_;
	my ($head, $body) = ('', '');
	while (defined(my $line = <$c>)) {
		last if $line eq "\r\n";
		$head .= $line;
	}
	my ($method, $path, $query) = $head =~ m{^(GET|POST) ([^ ?]+)(?:\?(\S*))? HTTP/1} or return;
	my ($length) = $head =~ /^content-length:\s*(\d+)/mi;
	read $c, $body, $length if $length;
	open my $lock, '>', "$dir/lock" or die "$dir/lock: $!";
	flock $lock, LOCK_EX;
	my $mode = slurp('mode');
	my $f = form($method eq 'GET' ? $query // '' : $body);
	note({ path => $path, form => $f });
	return reply($c, 400, { error => 'invalid_request' }) unless $f;
	return authorize($c, $f, $mode) if $path eq '/authorize' && $method eq 'GET';
	return reply($c, 404, 'no') unless $method eq 'POST' && $path =~ m{^/(token|devicecode)$};
	return reply($c, 400, { error => 'invalid_request' }) unless $head =~ m{^content-type:\s*application/x-www-form-urlencoded\s*$}mi;
	return reply($c, $mode, { error => 'server_error' }) if $mode =~ /^\d+$/;
	return reply($c, 200, '{"access_token":"half') if $mode eq 'garbage';
	return reply($c, 200, { access_token => "line\r\nbreak", token_type => 'Bearer', expires_in => 3600 }) if $mode eq 'break';
	return reply($c, 400, '<html>an error of a proxy') if $mode eq 'html';
	return if $mode eq 'cut';
	sleep 0.3 if $mode eq 'slow';
	if ($path eq '/devicecode') {
		return reply($c, 400, { error => 'invalid_request' }) unless fields($f, [qw(client_id scope)], []);
		return reply($c, 200, { device_code => 'device-1', user_code => 'WDJB-MJHT', verification_uri => 'https://login.example/device', expires_in => 60, interval => 1 });
	}
	token($c, $f, $mode);
}

while (1) {
	my $c = $server->accept or next;
	my $pid = fork;
	next if $pid;
	close $server;
	serve($c);
	close $c;
	exit 0;
}
