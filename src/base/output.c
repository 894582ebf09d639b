#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int output_prepare(void) {
    static char buffer[1 << 16];
    for (int file = 0; file <= 2; file++)
        if (fcntl(file, F_GETFD) < 0 && open("/dev/null", file == 0 ? O_WRONLY : O_RDONLY) != file) return -1;
    signal(SIGPIPE, SIG_IGN);
#ifdef SIGXFSZ
    signal(SIGXFSZ, SIG_IGN);
#endif
    return setvbuf(stdout, buffer, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, sizeof buffer) ? -1 : 0;
}

/* A write to a pipe or socket fails because its reader has gone: errno, which would tell, is not kept by stdio. */
static int is_pipe(void) {
    struct stat status;
    return fstat(STDOUT_FILENO, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

int output_is_read(void) {
    return !ferror(stdout) || !is_pipe();
}

static int report(int failed, int reason, Error *error) {
    if (!failed) return 0;
    errno = reason;
    if (reason) return error_set_system(error, "write", "standard output");
    return error_set(error, "cannot write standard output: an earlier write failed; is the disk full?");
}

int output_flush(Error *error) {
    errno = 0;
    int failed = fflush(stdout) != 0 || ferror(stdout);
    return report(failed && !is_pipe(), errno, error);
}

int output_finish(Error *error) {
    int pipe = is_pipe(), failed = output_flush(error);
    errno = 0;
    if (fclose(stdout) != 0 && !failed && !pipe) failed = report(1, errno, error);
    return failed;
}
