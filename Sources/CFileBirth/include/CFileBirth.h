#ifndef DRAGOMAN_CFILEBIRTH_H
#define DRAGOMAN_CFILEBIRTH_H

#include <stdint.h>

/// When an open file was made, in nanoseconds since 1970; 0 where the file system does not say.
///
/// glibc declares `statx` to those only who define _GNU_SOURCE, which Swift's importer does not.
int64_t dragoman_file_birth(int file);

#endif
