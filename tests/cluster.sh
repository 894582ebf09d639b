#!/bin/sh
# A job array on a real Slurm, with faults:  sh tests/cluster.sh
# Starts a Slurm of two nodes of its own on this machine's loopback, as root and without munge, and runs a sweep there with
# cluster/slurm.sh: a part is killed, one gets the signal that comes before its time is up, one is queued again from outside,
# and a node goes down.  What is stored and merged must then be what a run without Slurm gives, byte for byte.  The same
# parts are run in two folders that know nothing of each other, and its cells under GNU parallel.
# Run from the project's folder; ends like a test made with Check.  Where Slurm is not installed it says so.
. "$(dirname "$0")/support/command_line.sh"
SCALEDOWN=$command
export SCALEDOWN
needs=
for tool in slurmctld slurmd sbatch scontrol squeue; do command -v $tool >/dev/null || needs="$needs $tool"; done
[ "$(id -u)" -eq 0 ] || needs="$needs root"
sweep="classification --model mlp,cnn --features original --seeds 6 --first-seed 1 --steps 5000 --evaluate-every 2500"

# cells FOLDER: what is stored and merged there
cells() { (cd "$1" && find . -type f ! -name '*.log' -exec sha256sum {} + | sort -k 2); }
same() { # same WHAT FOLDER
    checks=$((checks + 1))
    cells "$2" >"$sandbox/got"
    cmp -s "$sandbox/wanted" "$sandbox/got" || fault "$1: $(diff "$sandbox/wanted" "$sandbox/got" | head -n 6)"
}
run() { "$command" run $sweep --quiet --manifest "$sandbox/manifest" --threads 1 "$@"; }
merge() { "$command" merge $sweep "$@"; }

check 'a run without Slurm' run --results alone
cells alone >"$sandbox/wanted"

# ---- two folders, no common file system ----
check 'part 1 in a folder' run --results first --shard 1/2
check 'part 2 in another' run --results second --shard 2/2
check 'merging them' merge --results both --from first --from second
same 'two folders' both

# ---- GNU parallel ----
if parallel --version 2>/dev/null | grep -q GNU; then
    "$command" missing $sweep --results cells | cut -f1 >"$sandbox/keys"
    check 'cells under GNU parallel' \
        parallel -j 2 "$command" run $sweep --quiet --threads 1 --results cells --cell '{}' <"$sandbox/keys"
    check 'merging them' merge --results cells
    same 'GNU parallel' cells
else
    echo 'tests/cluster.sh: not tested: GNU parallel is not installed'
fi

# ---- Slurm ----
if [ -n "$needs" ]; then
    echo "tests/cluster.sh: not tested on a Slurm: there is no$needs"
    finish
    exit
fi
host=$(hostname) slurm=$sandbox/slurm
mkdir -p "$slurm/state"
port=$((20000 + $(od -An -N2 -tu2 /dev/urandom | tr -d ' ') % 20000))
cat >"$slurm/slurm.conf" <<END
ClusterName=scaledown
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/none
CredType=cred/none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/%n
SlurmctldPidFile=$slurm/ctld.pid
SlurmdPidFile=$slurm/%n.pid
SlurmctldPort=$port
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1,requeue_delay=1
SlurmdParameters=config_overrides
KillWait=5
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=1
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=1
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
END
SLURM_CONF=$slurm/slurm.conf
export SLURM_CONF
daemons=
stop() { [ -z "$daemons" ] || kill $daemons 2>/dev/null; wait 2>/dev/null; rm -rf "$sandbox"; }
trap stop EXIT
slurmctld -D >"$slurm/slurmctld.log" 2>&1 &
daemons=$!
for node in n1 n2; do
    slurmd -D -N $node >"$slurm/$node.log" 2>&1 &
    daemons="$daemons $!"
done

# within SECONDS COMMAND...: COMMAND succeeds within that time
within() {
    left=$(($1 * 5))
    shift
    while ! "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ $left -gt 0 ] || return 1
        sleep 0.2
    done
}
idle() { [ "$(sinfo -h -N -o %T | grep -c idle)" -eq 2 ]; }
check 'the nodes are up' within 30 idle
# Slurm lets two minutes pass before it starts a job again that was queued again.
hasten() {
    for part in $(squeue -h -r -t PD -o '%i %r' -n scaledown | sed -n 's/ BeginTime$//p'); do
        scontrol update JobId="$part" StartTime=now
    done
}
computing() { # a part other than those named computes; sets part and process
    hasten
    for part in $(squeue -h -r -t R -o %i -n scaledown); do
        case " $* " in *" $part "*) continue ;; esac
        process=$(pgrep -f -- "$command run .*--shard $((${part#*_} + 1))/6 " | head -n 1)
        [ -z "$process" ] || return 0
    done
    return 1
}

ln -s "$project/cluster" cluster
check 'submitting' sh cluster/slurm.sh --shards 6 --at-once 2 --cpus 1 --time 10 --logs logs $sweep --results array
shows 'parts as job'
parts=$(sed -n 's/.*parts as job \([0-9]*\);.*/\1/p' "$sandbox/out")

check 'a part computes' within 60 computing
check 'it is killed' kill -9 "$process"
killed=$part
check 'another computes' within 60 computing "$killed"
scancel --signal=TERM --batch "$part"
check 'it gets the signal before its time is up' within 20 grep -q 'finished cells are kept' "logs/${part%_*}_${part#*_}.log"
signalled=$part
check 'a third computes' within 60 computing "$killed" "$signalled"
check 'it is queued again' within 20 scontrol requeue "$part"
queued=$part
check 'a fourth computes' within 60 computing "$killed" "$signalled" "$queued"
node=$(squeue -h -r -j "$part" -o %N)
check 'its node goes down' scontrol update NodeName="$node" State=DOWN Reason=test
sleep 1
scontrol update NodeName="$node" State=RESUME 2>/dev/null # it may have come back by itself
up() { sinfo -h -n "$node" -o %T | grep -Eq 'idle|alloc|mixed'; }
check 'and comes back' within 30 up

ended() { hasten; [ -z "$(squeue -h -n scaledown,scaledown-merge,scaledown-missing)" ]; }
check 'all ends' within 240 ended
again() { grep -q 'start 2' "logs/${1%_*}_${1#*_}.log"; }
for part in "$killed" "$signalled" "$queued"; do check "part $part was started again" again "$part"; done
same 'a job array with faults' array
[ $failures -eq 0 ] || cat logs/* "$slurm/slurmctld.log" | tail -n 60
finish
