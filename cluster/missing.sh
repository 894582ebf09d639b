#!/bin/sh
# When a part has failed, submitted by cluster/slurm.sh:  missing.sh WHAT...
# Lists the cells that are missing: key, seconds, experiment, parameters, seed.
echo 'A part failed; these cells are missing. The logs say why; cluster/slurm.sh with the same words computes them.'
"$SCALEDOWN" missing "$@"
exit 1
