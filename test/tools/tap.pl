#!/usr/bin/env perl
# tap.pl [-j JOBS] [-l LAST] FILE ... - run test files that speak TAP, show what fails, and end with the line "N passed, N failed".
# FILE.bats runs under bats, FILE.sh under sh, anything else by itself.  A file that dies, hangs or breaks its plan counts as a failure.
# LAST runs by itself when all others are through.
use strict;
use warnings;
use Getopt::Std;
use TAP::Harness;
use TAP::Parser::Aggregator;

my %opt;
getopts('j:l:', \%opt) or exit 64;
my $limit = $ENV{LP_TEST_LIMIT} || 900;    # seconds for one file: far more than any needs

my $harness = TAP::Harness->new({
	jobs      => $opt{j} || 2,
	verbosity => 0,
	failures  => 1,
	comments  => 1,
	color     => 0,
	exec      => sub {
		my $file = $_[1];
		my @run = $file =~ /\.bats$/ ? ('bats', '--tap') : $file =~ /\.sh$/ ? ('sh') : ();
		return ['timeout', '-k', '10', $limit, @run, $file];
	},
});
my $all = TAP::Parser::Aggregator->new;
$all->start;
$harness->aggregate_tests($all, @ARGV);
$harness->aggregate_tests($all, $opt{l}) if $opt{l};
$all->stop;
$harness->formatter->prepare(@ARGV, $opt{l} || ());    # it measures names by the last it was given
$harness->summary($all);

my ($passed, $failed, $skipped) = (scalar($all->passed), scalar($all->failed), scalar($all->skipped));
for my $parser ($all->parsers) {
	$failed++ if !$parser->failed and ($parser->exit or $parser->wait or $parser->parse_errors);
}
print "$skipped skipped\n" if $skipped;
printf "%d passed, %d failed\n", $passed - $skipped, $failed;
exit($failed ? 1 : 0);
