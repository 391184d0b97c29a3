#!/bin/sh
# Any program that asks a model, where LP_LIVE_COMMAND names it: lp-decide(1) has what it reads and prints.
LP_TOP=${LP_TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
. "$LP_TOP/test/tools/tap.sh"
. "$LP_TOP/test/tools/live.sh"
[ -n "${LP_LIVE_COMMAND-}" ] || { skip command 'LP_LIVE_COMMAND is not set'; tap_end; exit; }
live command "llm_command=$LP_LIVE_COMMAND"
