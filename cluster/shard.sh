#!/bin/sh
# One part of a job array, which cluster/slurm.sh submits:  shard.sh N WHAT...
# Stopped before its time is up, or killed from outside, it queues again; what it has computed stays.  A part that fails by
# itself fails again, so it does not: its log says why.
set -u
parts=$1
shift
part=$((SLURM_ARRAY_TASK_ID + 1))
again() { scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" || exit 1; exit 0; }

echo "$(date '+%F %T') part $part of $parts on ${SLURMD_NODENAME:-?}, start $((${SLURM_RESTART_COUNT:-0} + 1))"
"$SCALEDOWN" run "$@" --shard "$part/$parts" --threads "${SLURM_CPUS_PER_TASK:-1}" &
child=$! stopped=''
trap 'stopped=yes; kill -TERM $child 2>/dev/null' TERM
wait $child
status=$?
while [ -n "$stopped" ] && kill -0 $child 2>/dev/null; do # a trapped signal ends the wait, not the program
    wait $child
    status=$?
done
trap - TERM
echo "$(date '+%F %T') part $part of $parts ended with status $status"
if [ -n "$stopped" ] && [ $status -ne 0 ]; then again; fi
# 137: killed, by the system when memory is short or by somebody.  Three times is no accident.
if [ $status -eq 137 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then again; fi
exit $status
