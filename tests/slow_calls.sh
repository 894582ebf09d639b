#!/bin/sh
# tests/call_faults.sh for every system call and every fault of it, not a sample of them.
SLOW=1 exec sh tests/call_faults.sh
