#!/usr/bin/env perl
# Every stage is killed (SIGKILL) at random points, over many rounds; each time the next pipeline takes over.  In the end no message has left
# twice, none is lost, no limit was passed, and the log still verifies.  LP_CHAOS_SEED=N repeats the same choices.
use strict;
use warnings;
use POSIX ();
use Time::HiRes qw(sleep);

my $rounds = $ENV{LP_CHAOS_ROUNDS} || 210;
my $seed   = $ENV{LP_CHAOS_SEED}   || time;
my $leads  = 240;
srand($seed);

my $top = $ENV{LP_TOP} || POSIX::getcwd();
my $dir = `mktemp -d "\${TMPDIR:-/tmp}/lp-kill.XXXXXX"`;
chomp $dir;
END { local $?; system('rm', '-rf', $dir) if $dir and -d $dir and not $ENV{LP_KEEP} }
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

$ENV{PATH} = ($ENV{LP_FAST} || "$top/bin") . ":$ENV{PATH}";
$ENV{$_}   = $dir for qw(HOME XDG_CONFIG_HOME XDG_DATA_HOME);
$ENV{LP_DB} = "$dir/lp.db";
$ENV{LC_ALL} = 'C.UTF-8';
$ENV{TZ}     = 'UTC';
my $start = 1772445600;    # 2026-03-02T10:00:00Z

sub clock_at {
	$ENV{LP_NOW} = POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime($_[0]));
}
clock_at($start);
chdir $dir or die;
if (system("LP_TOP='$top' sh -c '. \"\$LP_TOP/test/tools/world.sh\" && world_many $leads' >setup.out 2>&1 </dev/null") != 0) {
	ok(0, 'the world is made', `cat setup.out`);
	done();
}

sub sql {
	open my $p, '-|', 'sqlite3', '-cmd', '.timeout 10000', '-bail', '-batch', "$dir/lp.db", $_[0] or die;
	my @rows = <$p>;
	close $p;
	chomp @rows;
	return wantarray ? @rows : $rows[0];
}

my @pipe = (
	['lp-tasks', 'claim', '-l', '3'],
	['lp-read'],
	['lp-memory', 'recall'],
	['lp-decide'],
	['lp-book'],
	['lp-draft'],
	['lp-rules', 'gate'],
	['lp-send'],
	['lp-tasks', 'settle'],
);

# the stages as processes of this one, so that each can be killed by its id
sub start_pipe {
	my @pids;
	my $in;
	open $in, '<', '/dev/null' or die;
	for my $i (0 .. $#pipe) {
		pipe(my $next, my $out) or die "pipe: $!";
		my $pid = fork // die "fork: $!";
		if ($pid == 0) {
			open STDIN, '<&', $in or die;
			open STDERR, '>>', "$dir/stderr" or die;
			if ($i == $#pipe) {
				open STDOUT, '>', '/dev/null' or die;
			} else {
				open STDOUT, '>&', $out or die;
			}
			close $_ for $in, $next, $out;
			exec @{ $pipe[$i] } or POSIX::_exit(127);
		}
		push @pids, $pid;
		close $out;
		$in = $next;
	}
	return @pids;
}

# what a dead pipeline left is taken over after five minutes of the real clock: make them pass at once
sub age_runs {
	sql("UPDATE runs SET heartbeat_at = '2000-01-01T00:00:00.000Z'");
}

my (%killed, $late);
for my $round (1 .. $rounds) {
	clock_at($start + $round * 120);
	system('lp-enqueue due >/dev/null 2>>stderr </dev/null') if $round % 5 == 1;
	my @pids = start_pipe();
	my $which = $round % @pids;
	sleep rand 0.03;
	if (kill 9, $pids[$which]) {
		$killed{"@{$pipe[$which]}"}++;
	}
	for my $i (0 .. $#pids) {
		waitpid $pids[$i], 0;
		$late++ if $i == $which and $? != 9;    # it was through already
	}
	age_runs();
}
my $struck = $rounds - ($late || 0);
ok($struck >= $rounds / 4, "$struck of $rounds kills struck a stage at work (seed $seed)");
my $taken = sql("SELECT count(*) FROM agent_tasks WHERE crashes > 0");
ok($taken > 0, "tasks were taken over ($taken)");

# and now undisturbed, to the end
my $more = 0;
for my $t (1 .. 400) {
	clock_at($start + ($rounds + $t) * 120);
	age_runs();
	system('lp-enqueue due >/dev/null 2>>stderr </dev/null');
	my @pids = start_pipe();
	waitpid $_, 0 for @pids;
	@pids = start_pipe();
	waitpid $_, 0 for @pids;
	$more = sql("SELECT count(*) FROM agent_tasks WHERE status IN ('pending', 'running')");
	my $planned = sql("SELECT count(*) FROM messages WHERE status IN ('planned', 'due')");
	my $waiting = sql("SELECT count(*) FROM enrolments WHERE status = 'enrolled'");
	last if $more == 0 and $planned == 0 and $waiting == 0;
}

my @mails = glob("$dir/Maildir/new/* $dir/Maildir/cur/*");
my %ids;
for my $m (@mails) {
	open my $f, '<', $m or die;
	while (<$f>) {
		last if /^\r?$/;
		$ids{$1}++ if /^Message-ID:\s*<([^>]*)>/i;
	}
}
my @twice = grep { $ids{$_} > 1 } keys %ids;
ok(@twice == 0, 'no message left twice', @twice);
ok(scalar(@mails) == scalar(keys %ids), 'every mail has its Message-ID', scalar(@mails) . ' mails, ' . scalar(keys %ids) . ' ids');
my %sent = map { $_ => 1 } sql("SELECT rfc_message_id FROM outbox WHERE state = 'sent'");
my @unrecorded = grep { !$sent{$_} } keys %ids;
my @ghosts     = grep { !$ids{$_} } keys %sent;
ok(@unrecorded == 0, 'what left is on record', @unrecorded);
ok(@ghosts == 0,     'what is on record left', @ghosts);
my %to;
$to{$_}++ for sql("SELECT recipient FROM outbox WHERE state = 'sent'");
ok(!(grep { $to{$_} > 1 } keys %to), 'nobody got two first mails');
ok($more == 0, 'no task is left over', sql("SELECT seq, task_type, status, crashes, error_message FROM agent_tasks WHERE status IN ('pending', 'running') LIMIT 5"));

# a lead has its mail, or its task failed and a person was told
my @lost = sql("SELECT l.email FROM leads l WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.lead_id = l.seq AND o.state = 'sent')"
	  . " AND NOT EXISTS (SELECT 1 FROM agent_tasks t JOIN notifications n ON n.task_id = t.seq WHERE t.lead_id = l.seq AND t.status = 'failed')"
	  . " LIMIT 10");
ok(@lost == 0, 'nobody is forgotten', @lost, sql("SELECT status, count(*) FROM agent_tasks GROUP BY 1"));
my $sent = keys %sent;
ok($sent >= $leads * 0.5, "most mail left all the same ($sent of $leads)");
ok(sql("SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'refused')") == 0, 'nothing is left on the wire');
my $verify = `lp-log verify 2>&1 </dev/null`;
ok($? == 0, 'the log verifies', $verify);
ok(sql('PRAGMA integrity_check') eq 'ok', 'the file is whole');
done();
