#!/bin/sh
# tests/memory_faults.sh for every allocation, not a sample of them.
SLOW=1 exec sh tests/memory_faults.sh
