#!/bin/sh
# Run experiments as a Slurm job array, and merge when all of it is done:
#   sh cluster/slurm.sh [--shards N] [--at-once M] [--cpus C] [--time LIMIT] [--logs DIR] [--dry-run] WHAT...
# WHAT is what `scaledown run` takes: an experiment, a paper or all, and options such as --results DIR or --seeds N.
#   --shards N     parts, equal by cost (default 8)
#   --at-once M    how many run at the same time at most (default: all)
#   --cpus C       cores of each (default 2)
#   --time LIMIT   of each, as sbatch takes it (default 4:00:00); two minutes before it a part stops and queues again
#   --logs DIR     for what the jobs print (default build/cluster)
#   --dry-run      show the plan and the commands, submit nothing
# The folder must be seen by all nodes under the same name.  Account, partition and the like are given as sbatch reads
# them from the environment: SBATCH_PARTITION=... SBATCH_ACCOUNT=...
# A cell file is the only truth: whatever happens to a job, the same command again computes only what is missing.
set -u
program=${SCALEDOWN:-build/scaledown}
shards=8 at_once='' cpus=2 limit=4:00:00 logs=build/cluster dry=''

refuse() { echo "cluster/slurm.sh: $*" >&2; exit 2; }
count() { # count OPTION VALUE: a positive integer
    case $2 in '' | 0* | *[!0-9]*) refuse "$1 wants a positive integer, not '$2'" ;; esac
}
usage() { sed -n 's/^# \{0,1\}//p;/^set/q' "$0" | sed 1d; }

while [ $# -gt 0 ]; do
    case $1 in
    --shards | --at-once | --cpus) count "$1" "${2-}" ;;
    --time | --logs) [ -n "${2-}" ] || refuse "$1 wants a value" ;;
    esac
    case $1 in
    --shards) shards=$2; shift 2 ;;
    --at-once) at_once=$2; shift 2 ;;
    --cpus) cpus=$2; shift 2 ;;
    --time) limit=$2; shift 2 ;;
    --logs) logs=$2; shift 2 ;;
    --dry-run) dry=yes; shift ;;
    --help | -h) usage; exit ;;
    --) shift; break ;;
    *) break ;;
    esac
done
[ $# -gt 0 ] || refuse 'what shall be run? an experiment or paper of `make list`, or all; --help says more'
[ -x "$program" ] || refuse "$program is not there: \`make\` builds it, SCALEDOWN= names another"
[ -n "$dry" ] || command -v sbatch >/dev/null || refuse 'there is no sbatch here: run this where jobs are submitted'
here=$(dirname "$0")

"$program" plan "$@" --shards "$shards" || exit 2

export SCALEDOWN="$program"
submit() { # submit NAME SBATCH-OPTION... SCRIPT ARGUMENT...: prints the number of the job
    name=$1
    shift
    set -- sbatch --parsable --job-name="$name" --open-mode=append "$@"
    if [ -z "$dry" ]; then "$@"; else printf '%s ' "$@" >&2; echo >&2; echo "($name)"; fi
}
[ -n "$dry" ] || mkdir -p "$logs" || exit 1

# The signal comes to the script alone, which passes it on, waits, and queues the part again.
parts=$(submit scaledown --array="0-$((shards - 1))${at_once:+%$at_once}" --cpus-per-task="$cpus" --time="$limit" \
    --signal=B:TERM@120 --requeue --output="$logs/%A_%a.log" "$here/shard.sh" "$shards" "$@") || exit 1
parts=${parts%%;*} # with several clusters: "NUMBER;CLUSTER"
merge=$(submit scaledown-merge --dependency="afterok:$parts" --kill-on-invalid-dep=yes --cpus-per-task=1 \
    --time=1:00:00 --output="$logs/%j_merge.log" "$here/merge.sh" "$@") || exit 1
missing=$(submit scaledown-missing --dependency="afternotok:$parts" --kill-on-invalid-dep=yes --cpus-per-task=1 \
    --time=1:00:00 --output="$logs/%j_missing.log" "$here/missing.sh" "$@") || exit 1
[ -z "$dry" ] || exit 0

echo
echo "Submitted: $shards parts as job $parts; when all have succeeded job ${merge%%;*} merges, when one has failed job"
echo "${missing%%;*} lists what is missing.  \`squeue -j $parts\` shows how they do, $logs/ what they print; the same command"
echo "again computes what is missing."
