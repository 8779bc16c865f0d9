#pragma once

#include <stdbool.h>
#include <stdint.h>

// What a disk under a folder keeps when the power fails, and what Linux makes of writes and syncs that fail.
//
// It stands between this process and the kernel: pwrite, ftruncate, fsync and fdatasync of files in the folder are defined
// here, for libraries too. Files on the file system are the page cache. What the disk has lies in memory:
//
// - A write makes pages dirty. A sync brings a file's dirty pages to the disk, and makes them clean.
// - A sync that fails brings some of them to the disk, some partly and some not at all, and makes all of them clean.
// - A cut of the power leaves what the disk has, and any of the dirty sectors, in any order.
// - A file's name is on the disk after a sync of its folder.
//
// Locks and the index of a write-ahead log (names that end in `.lock` and `-shm`) are not modelled; they mean nothing at a
// start. One folder is one disk; all calls may come from any thread.

typedef struct simulated_disk simulated_disk;

enum {
    /// A sabotage: a sync that fails says that it has not.
    SIMULATED_DISK_LIES = 1,
    /// A sabotage: writing what can be read already has no effect.
    SIMULATED_DISK_SKIPS_REWRITES = 2,
};

/// Takes what is in the folder for what is on the disk.
simulated_disk *simulated_disk_open(const char *folder, uint64_t seed, unsigned sabotage);
void simulated_disk_close(simulated_disk *disk);

/// Which of the operations that follow, counted from 1, fails with EIO, and within which the power is cut; 0: none. After the
/// cut, everything seems to go on.
typedef struct {
    /// Of writes, truncations and syncs.
    uint64_t failing, cut;
    /// Of syncs alone.
    uint64_t failing_sync, cut_sync;
    /// No file can grow: ENOSPC.
    bool is_full;
} simulated_disk_plan;

void simulated_disk_follow(simulated_disk *disk, simulated_disk_plan plan);
/// Since then.
uint64_t simulated_disk_operations(const simulated_disk *disk);
bool simulated_disk_has_failed(const simulated_disk *disk);
bool simulated_disk_is_cut(const simulated_disk *disk);

/// Cuts the power now, unless the plan has, and fills an empty folder with what the disk has.
void simulated_disk_cut(simulated_disk *disk, const char *image);

/// The process is killed: fills an empty folder with what can be read, and has the disk under that one from now on. Pages
/// that are clean but not on the disk may be dropped from memory, and read as what is on the disk.
void simulated_disk_kill(simulated_disk *disk, const char *folder);
