/* Files and folders of a test.  Faults of the system end it. */
#ifndef SCALEDOWN_TESTS_FILES_H
#define SCALEDOWN_TESTS_FILES_H

char *fresh_directory(void); /* a new empty one; to be freed */
void remove_tree(const char *path);
/* Contents as a NUL-terminated text, to be freed; NULL if the file is absent. */
char *slurp(const char *path);
void spill(const char *path, const char *text);
/* Replace the first occurrence of old; 0 if there was none. */
int edit_file(const char *path, const char *old, const char *replacement);

#endif
