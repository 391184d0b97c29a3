#!/usr/bin/perl
# stub_model.pl PORTFILE MS - a model that answers every question the same, MS milliseconds after it was asked, any number at once: one process and no more
# work than that, so that what is measured beside it is ours.
use strict;
use warnings;
use IO::Poll qw(POLLIN);
use IO::Socket::INET;
use Time::HiRes 'time';

my ($portfile, $ms) = @ARGV;
my $said = '{\"action\":\"escalate\",\"reasoning\":\"it is for a person\",\"confidence\":0.9,\"requires_approval\":false}';
my $body = "{\"id\":\"c\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"$said\"},\"finish_reason\":\"stop\"}],"
    . '"usage":{"prompt_tokens":1200,"completion_tokens":50}}';
my $answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Proto => 'tcp', Listen => 128, Blocking => 0) or die "listen: $!";
my $poll = IO::Poll->new;
my (%in, %sock, @due);
$poll->mask($server => POLLIN);
open my $out, '>', "$portfile.new" or die "$portfile: $!";
print $out $server->sockport, "\n";
close $out;
rename "$portfile.new", $portfile or die "$portfile: $!";
while (1) {
	my $wait = @due ? $due[0][0] - time : 1;
	$poll->poll($wait > 0 ? $wait : 0);
	for my $h ($poll->handles(POLLIN)) {
		if ($h == $server) {
			my $c = $server->accept or next;
			$sock{ fileno $c } = $c;
			$in{ fileno $c } = '';
			$poll->mask($c => POLLIN);
			next;
		}
		my $f = fileno $h;
		if (!sysread $h, $in{$f}, 65536, length $in{$f}) {
			$poll->remove($h);
			@due = grep { $_->[1] != $h } @due;
			delete $sock{$f};
			close $h;
			next;
		}
		my $end = index $in{$f}, "\r\n\r\n";
		next if $end < 0;
		my ($n) = substr($in{$f}, 0, $end) =~ /^content-length:\s*(\d+)/mi;
		next if length $in{$f} < $end + 4 + ($n // 0);
		$in{$f} = '';
		push @due, [time + $ms / 1000, $h];
	}
	while (@due && $due[0][0] <= time) {
		my $d = shift @due;
		syswrite $d->[1], $answer;
	}
}
