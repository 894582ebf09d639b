/* How many cores this process may use, how many threads it can have, and how OpenMP's threads wait.  None of this
 * changes a result, only how long it takes. */
#ifndef SCALEDOWN_BASE_CORES_H
#define SCALEDOWN_BASE_CORES_H

#include "base/error.h"

/* Cores that the operating system gives this process, at least 1: the processors of its affinity (taskset, cpusets),
 * and no more than the quotas of its control groups and theirs above, rounded up (containers, batch systems). */
int cores_usable(void);
/* The threads to use when nobody says how many: OMP_NUM_THREADS where it is set, but at most cores_usable. */
int cores_default_threads(void);
/* So many of the wanted threads can run at once, at least 1: limits on processes (ulimit -u, a container's) are found
 * by starting that many and ending them again.  OpenMP would end the program where it cannot start what it was told
 * to.  If they are fewer, note says so in one line; else it stays as it is.  1 where there is no OpenMP. */
int cores_startable_threads(int wanted, Error *note);

/* Call first in main.  Between two parallel regions OpenMP's threads wait in a loop, and where cores are shared with
 * other work they take the time from those that they wait for: 600 steps of the CNN with 2 threads took 2.8 s so and
 * 0.3 s with sleeping threads on two cores with little else to do, 10 s and 0.5 s beside two other programs.  The
 * libraries read OMP_WAIT_POLICY before main begins, so this sets it to passive and starts the program anew, in place.
 * Does nothing when OMP_WAIT_POLICY, GOMP_SPINCOUNT or KMP_BLOCKTIME is set: so it happens once, and users can choose
 * otherwise.  Returns when it cannot be done. */
void cores_wait_passively(char **argv);

/* The quota of the control groups that root/proc/self/cgroup names, in cores; infinity without one.  root is "" but in
 * tests. */
double cores_quota(const char *root);

#endif
