#!/usr/bin/env perl
# lp-send is killed (SIGKILL) at random moments while it sends over SMTP, to a server that fails now and then, over several connections; the next pipeline takes
# over each time.  In the end the server has no message twice, and each that it hasn't got is still to be sent, or not known.
# LP_CHAOS_SEED=N repeats the same choices as far as the machine lets it; LP_CHAOS_SMTP_ROUNDS=100 LP_CHAOS_SMTP_LEADS=1000 is the long run.
use strict;
use warnings;
use POSIX ();
use Time::HiRes qw(sleep);

my $rounds = $ENV{LP_CHAOS_SMTP_ROUNDS} || 12;
my $leads  = $ENV{LP_CHAOS_SMTP_LEADS}  || 96;
my $seed   = $ENV{LP_CHAOS_SEED}        || time;
srand($seed);

my $top = $ENV{LP_TOP} || POSIX::getcwd();
my $dir = `mktemp -d "\${TMPDIR:-/tmp}/lp-smtp-kill.XXXXXX"`;
chomp $dir;
my ($main, $server) = ($$);
END {
	local $?;
	if ($$ == $main) {
		kill 'TERM', $server if $server;
		system('rm', '-rf', $dir) if $dir and -d $dir and not $ENV{LP_KEEP};
	}
}
$SIG{INT} = $SIG{TERM} = sub { exit 1 };

my $test = 0;

sub ok {
	my ($good, $what, @why) = @_;
	$test++;
	print $good ? '' : 'not ', "ok $test - $what\n";
	print map {"# $_\n"} map { split /\n/ } @why if !$good;
}

sub done {
	print "1..$test\n";
	exit 0;
}

sub sql {
	open my $p, '-|', 'sqlite3', '-cmd', '.timeout 10000', '-bail', '-batch', "$dir/lp.db", $_[0] or die;
	my @rows = <$p>;
	close $p;
	chomp @rows;
	return wantarray ? @rows : $rows[0];
}

$ENV{PATH} = ($ENV{LP_FAST} || "$top/bin") . ":$ENV{PATH}";
$ENV{$_}     = $dir for qw(HOME XDG_CONFIG_HOME XDG_DATA_HOME);
$ENV{LP_DB}  = "$dir/lp.db";
$ENV{LC_ALL} = 'C.UTF-8';
$ENV{TZ}     = 'UTC';
$ENV{LP_NOW} = '2026-03-02T10:00:00Z';
chdir $dir or die;

$server = fork // die;
if ($server == 0) {
	exec $^X, "$top/test/tools/smtp-faults.pl", '--port-file', "$dir/port", '--log', "$dir/stored", '--delay', 4, '--flaky', 6, '--per', 40 or POSIX::_exit(127);
}
sleep 0.05 until -s "$dir/port" or waitpid($server, POSIX::WNOHANG()) != 0;
chomp(my $port = `cat port`);
if (system("LP_TOP='$top' W_SMTP=$port sh -c '. \"\$LP_TOP/test/tools/world.sh\" && world_many $leads one two && lp-accounts set one timeout=2 && lp-accounts set two timeout=2' >setup.out 2>&1 </dev/null") != 0) {
	ok(0, 'the world is made', `cat setup.out`);
	done();
}

# pipe FROM of the stages before lp-send, into a file
sub judge {
	my $n = shift;
	system("lp-tasks claim -l $n --type '!check_inbox' 2>>stderr </dev/null | lp-memory recall | lp-decide 2>>stderr | lp-draft | lp-rules gate >judged 2>>stderr");
	return -s 'judged';
}

sub clock_at {
	$ENV{LP_NOW} = POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime(1772445600 + $_[0]));
}

# what a dead pipeline left is taken over after five minutes of the real clock: make them pass at once
sub age_runs {
	sql("UPDATE runs SET heartbeat_at = '2000-01-01T00:00:00.000Z'");
}

system('lp-enqueue due >/dev/null 2>>stderr </dev/null; lp-tasks claim -l 2000 --type generate_sequence </dev/null | lp-decide | lp-draft | lp-tasks settle >/dev/null; lp-enqueue due >/dev/null');
my $now = 13.9 * 3600;    # all sending times of the day are over
my ($struck, $at_work) = (0, 0);
for my $round (1 .. $rounds) {
	clock_at($now += 60);
	judge(int($leads / $rounds) + 4) or last;
	my $pid = fork // die;
	if ($pid == 0) {
		open STDIN,  '<',  'judged' or die;
		open STDOUT, '>',  'sent'   or die;
		open STDERR, '>>', 'stderr' or die;
		exec 'lp-send', $round % 3 ? ('-P', 1 + $round % 5) : () or POSIX::_exit(127);
	}
	sleep 0.01 + rand 0.12;
	$at_work++ if sql("SELECT count(*) FROM outbox WHERE state = 'reserved'");
	kill 9, $pid;
	waitpid $pid, 0;
	$struck++ if $? == 9;
	system('lp-tasks settle <sent >/dev/null 2>>stderr');
	age_runs();
}
ok($struck >= $rounds / 3, "$struck of $rounds kills struck lp-send, $at_work with a message on its way (seed $seed)");

# what is left, without kills: until nothing is due any more, and long enough for what was deferred
my $quiet = 0;
for (1 .. 40 * $rounds) {
	clock_at($now += 120);
	age_runs();
	system('lp-enqueue due >/dev/null 2>>stderr </dev/null') if $quiet % 4 == 3;
	if (judge(60)) {
		$quiet = 0;
		system('lp-send -P 4 <judged 2>>stderr | lp-tasks settle >/dev/null 2>>stderr');
	} else {
		last if ++$quiet > 3 and !sql("SELECT count(*) FROM agent_tasks WHERE task_type = 'send_message' AND status IN ('pending', 'running')");
		$now += 900;
	}
}

my %stored;
open my $log, '<', 'stored' or die;
while (<$log>) {
	$stored{$1}++ if /"message_id":"([^"]+)"/;
}
my @twice = grep { $stored{$_} > 1 } keys %stored;
ok(!@twice, 'the server has no message twice', @twice);
my %state = map { my ($id, $s, $task) = split /\|/; $id => [$s, $task] }
	sql("SELECT m.rfc_message_id, ifnull(o.state, 'none'), ifnull(max(t.status), 'none') FROM messages m LEFT JOIN outbox o ON o.message_id = m.seq
		LEFT JOIN agent_tasks t ON t.message_id = m.seq GROUP BY m.seq");
ok(keys %state == $leads, "there are $leads messages", scalar(keys %state));
my %n;
my (@lost, @wrong);
for my $id (sort keys %state) {
	my ($s, $task) = @{ $state{$id} };
	$n{$s}++;
	push @wrong, "$id: $s and not stored" if $s eq 'sent' and !$stored{$id};
	push @wrong, "$id: $s and stored" if $s !~ /^(sent|unknown)$/ and $stored{$id};
	# a task that died with its stage time and again waits for a person, with a notice
	push @lost, "$id: $s, its task $task" if !$stored{$id} and $s ne 'unknown' and $task !~ /^(pending|failed)$/;
}
ok(!@wrong, 'the rows and the server agree', @wrong);
ok(!$n{reserved}, 'none is left on its way', $n{reserved} || 0);
ok(!@lost, 'what the server has not got is unknown, or still to be sent', @lost);
ok(($n{sent} || 0) >= $leads / 2, 'most are sent: ' . join(', ', map {"$n{$_} $_"} sort keys %n));
my $told = sql("SELECT count(*) FROM notifications WHERE dedupe_key LIKE 'unknown:%'");
ok($told == ($n{unknown} || 0), 'each that is unknown is told', "$told of " . ($n{unknown} || 0));
ok(system('lp-log verify >/dev/null 2>&1') == 0, 'the log verifies');
done();
