#define _GNU_SOURCE
#include "CSimulatedDisk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { page_bytes = 4096, sector_bytes = 512, files_most = 8, path_bytes = 1024, name_bytes = 64 };

typedef struct {
    unsigned char *bytes;
    size_t count;
} content;

typedef struct {
    bool dirty;
    /// Clean, and not on the disk.
    bool lost;
} page;

typedef struct {
    char name[name_bytes];
    content platter;
    page *pages;
    size_t page_count;
    /// The least that it had since its last sync.
    size_t least_bytes;
    bool is_name_durable;
} file;

struct simulated_disk {
    simulated_disk *next;
    char folder[path_bytes];
    file files[files_most];
    int file_count;
    unsigned sabotage;
    uint64_t random;
    simulated_disk_plan plan;
    uint64_t operations, syncs;
    bool has_failed, is_cut;
    /// What a cut has left; without bytes where there is no file.
    content image[files_most];
    content renamed_image;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static simulated_disk *disks;
static atomic_int disk_count;

// SplitMix64.
static uint64_t next_random(simulated_disk *disk) {
    uint64_t z = disk->random += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

/// In `tenths` of ten cases.
static bool chance(simulated_disk *disk, unsigned tenths) { return next_random(disk) % 10 < tenths; }

/// Often one of the ends.
static unsigned any_tenths(simulated_disk *disk) {
    static const unsigned choices[] = {0, 0, 1, 3, 5, 7, 9, 10};
    return choices[next_random(disk) % 8];
}

static void *checked(void *memory) {
    if (!memory) abort();
    return memory;
}

static void resize(content *content, size_t count) {
    content->bytes = checked(realloc(content->bytes, count + 1));
    if (count > content->count) memset(content->bytes + content->count, 0, count - content->count);
    content->count = count;
}

static void path_of(const char *folder, const char *name, char path[path_bytes]) {
    if (snprintf(path, path_bytes, "%s/%s", folder, name) >= path_bytes) abort();
}

/// What can be read. Without bytes when there is no such file.
static content cached(const simulated_disk *disk, const file *file) {
    content result = {NULL, 0};
    char path[path_bytes];
    path_of(disk->folder, file->name, path);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return result;
    struct stat status;
    if (fstat(descriptor, &status)) abort();
    resize(&result, (size_t)status.st_size);
    for (size_t done = 0; done < result.count;) {
        ssize_t count = pread(descriptor, result.bytes + done, result.count - done, (off_t)done);
        if (count <= 0) abort();
        done += (size_t)count;
    }
    close(descriptor);
    return result;
}

static void store(const char *folder, const file *file, const content *content) {
    char path[path_bytes];
    path_of(folder, file->name, path);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) abort();
    for (size_t done = 0; done < content->count;) {
        long count = syscall(SYS_pwrite64, descriptor, content->bytes + done, content->count - done, done);
        if (count <= 0) abort();
        done += (size_t)count;
    }
    close(descriptor);
}

static file *find(simulated_disk *disk, const char *name) {
    for (int i = 0; i < disk->file_count; i++)
        if (!strcmp(disk->files[i].name, name)) return &disk->files[i];
    if (disk->file_count == files_most || strlen(name) >= name_bytes) abort();
    file *file = &disk->files[disk->file_count++];
    memset(file, 0, sizeof *file);
    strcpy(file->name, name);
    return file;
}

static bool ends_in(const char *name, const char *end) {
    size_t length = strlen(name), end_length = strlen(end);
    return length >= end_length && !strcmp(name + length - end_length, end);
}

/// A file that is synced and then renamed into its place is there whole or not at all: a cut leaves it as it is then.
static const char renamed_file[] = "store.id";

static bool is_modelled(const char *name) {
    return !ends_in(name, ".lock") && !ends_in(name, "-shm") && strncmp(name, renamed_file, sizeof renamed_file - 1);
}

static const file *renamed(void) {
    static file file;
    strcpy(file.name, renamed_file);
    return &file;
}

/// The disk of an open file or folder, locked; NULL: it is none of ours.
///
/// - Parameter name: Empty for the folder itself.
static simulated_disk *disk_of(int descriptor, char name[name_bytes]) {
    if (!atomic_load(&disk_count)) return NULL;
    char link[64], path[path_bytes];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return NULL;
    path[length] = 0;
    pthread_mutex_lock(&mutex);
    for (simulated_disk *disk = disks; disk; disk = disk->next) {
        size_t prefix = strlen(disk->folder);
        if (strncmp(path, disk->folder, prefix)) continue;
        if (path[prefix] == 0) {
            name[0] = 0;
            return disk;
        }
        if (path[prefix] != '/' || strlen(path + prefix + 1) >= name_bytes || !is_modelled(path + prefix + 1)) continue;
        strcpy(name, path + prefix + 1);
        return disk;
    }
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static page *page_at(file *file, size_t index) {
    if (index >= file->page_count) {
        size_t count = 2 * index + 16;
        file->pages = checked(realloc(file->pages, count * sizeof *file->pages));
        memset(file->pages + file->page_count, 0, (count - file->page_count) * sizeof *file->pages);
        file->page_count = count;
    }
    return &file->pages[index];
}

/// Brings sectors of dirty pages to a disk, each in some of ten cases.
static void write_back(simulated_disk *disk, file *file, content *platter, const content *cache, unsigned tenths) {
    for (size_t index = 0; index < file->page_count; index++) {
        if (!file->pages[index].dirty) continue;
        for (size_t at = index * page_bytes; at < (index + 1) * page_bytes && at < cache->count; at += sector_bytes) {
            if (at >= platter->count || !chance(disk, tenths)) continue;
            size_t end = at + sector_bytes;
            if (end > cache->count) end = cache->count;
            if (end > platter->count) end = platter->count;
            memcpy(platter->bytes + at, cache->bytes + at, end - at);
        }
    }
}

/// The disk's content of a file with the size that it has now.
static void take_size(file *file, content *platter, const content *cache) {
    if (file->least_bytes < platter->count) resize(platter, file->least_bytes);
    resize(platter, cache->count);
}

static void cut(simulated_disk *disk) {
    if (disk->is_cut) return;
    disk->is_cut = true;
    disk->renamed_image = cached(disk, renamed());
    unsigned tenths = any_tenths(disk);
    for (int i = 0; i < disk->file_count; i++) {
        file *file = &disk->files[i];
        content cache = cached(disk, file);
        bool is_there = cache.bytes != NULL;
        if (is_there == file->is_name_durable ? is_there : chance(disk, 5)) {
            content *image = &disk->image[i];
            resize(image, file->platter.count);
            if (image->count) memcpy(image->bytes, file->platter.bytes, image->count);
            if (is_there && (tenths == 10 || chance(disk, 5))) take_size(file, image, &cache);
            if (is_there) write_back(disk, file, image, &cache, tenths);
        }
        free(cache.bytes);
    }
}

/// - Returns: whether this operation is to fail.
static bool begin_operation(simulated_disk *disk, bool is_sync) {
    disk->operations++;
    disk->syncs += is_sync;
    if (disk->operations == disk->plan.cut || (is_sync && disk->syncs == disk->plan.cut_sync)) cut(disk);
    bool fails = disk->operations == disk->plan.failing || (is_sync && disk->syncs == disk->plan.failing_sync);
    if (!fails || disk->is_cut) return false;
    disk->has_failed = true;
    return true;
}

static int sync_file(int descriptor, long call) {
    char name[name_bytes];
    simulated_disk *disk = disk_of(descriptor, name);
    // What is modelled need not be synced.
    if (!disk) return (int)syscall(call, descriptor);
    bool fails = begin_operation(disk, true);
    unsigned tenths = fails ? any_tenths(disk) : 10;
    if (!*name) {
        for (int i = 0; i < disk->file_count; i++) {
            file *file = &disk->files[i];
            content cache = cached(disk, file);
            if (chance(disk, tenths)) file->is_name_durable = cache.bytes != NULL;
            free(cache.bytes);
        }
    } else {
        file *file = find(disk, name);
        content cache = cached(disk, file);
        if (!fails || chance(disk, 5)) {
            take_size(file, &file->platter, &cache);
            file->least_bytes = cache.count;
        }
        write_back(disk, file, &file->platter, &cache, tenths);
        for (size_t i = 0; i < file->page_count; i++) {
            if (file->pages[i].dirty && fails) file->pages[i].lost = true;
            file->pages[i].dirty = false;
        }
        free(cache.bytes);
    }
    pthread_mutex_unlock(&mutex);
    if (!fails || disk->sabotage & SIMULATED_DISK_LIES) return 0;
    errno = EIO;
    return -1;
}

static ssize_t write_at(int descriptor, const void *bytes, size_t count, off_t offset) {
    char name[name_bytes];
    simulated_disk *disk = disk_of(descriptor, name);
    if (!disk) return syscall(SYS_pwrite64, descriptor, bytes, count, offset);
    file *file = find(disk, name);
    size_t first = (size_t)offset / page_bytes, last = ((size_t)offset + (count ? count - 1 : 0)) / page_bytes;
    bool fails = begin_operation(disk, false);
    if (fails) count = count * (next_random(disk) % 10) / 10;
    content cache = cached(disk, file);
    if (disk->plan.is_full && (size_t)offset + count > cache.count) {
        free(cache.bytes);
        pthread_mutex_unlock(&mutex);
        errno = ENOSPC;
        return -1;
    }
    bool is_rewrite = (size_t)offset + count <= cache.count && !memcmp(cache.bytes + offset, bytes, count);
    ssize_t result = count ? syscall(SYS_pwrite64, descriptor, bytes, count, offset) : 0;
    if (result > 0 && !(is_rewrite && disk->sabotage & SIMULATED_DISK_SKIPS_REWRITES)) {
        for (size_t index = first; index <= last; index++) *page_at(file, index) = (page){.dirty = true};
    }
    free(cache.bytes);
    pthread_mutex_unlock(&mutex);
    if (!fails) return result;
    errno = EIO;
    return -1;
}

static int truncate_to(int descriptor, off_t length) {
    char name[name_bytes];
    simulated_disk *disk = disk_of(descriptor, name);
    if (!disk) return (int)syscall(SYS_ftruncate, descriptor, length);
    file *file = find(disk, name);
    bool fails = begin_operation(disk, false);
    if (!fails) {
        if (syscall(SYS_ftruncate, descriptor, length)) abort();
        if ((size_t)length < file->least_bytes) file->least_bytes = (size_t)length;
        for (size_t i = ((size_t)length + page_bytes - 1) / page_bytes; i < file->page_count; i++)
            file->pages[i] = (page){.dirty = false};
    }
    pthread_mutex_unlock(&mutex);
    if (!fails) return 0;
    errno = EIO;
    return -1;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    return write_at(descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
    return write_at(descriptor, bytes, count, offset);
}

int ftruncate(int descriptor, off_t length) { return truncate_to(descriptor, length); }

int ftruncate64(int descriptor, off_t length) { return truncate_to(descriptor, length); }

int fsync(int descriptor) { return sync_file(descriptor, SYS_fsync); }

int fdatasync(int descriptor) { return sync_file(descriptor, SYS_fdatasync); }

static void set_folder(simulated_disk *disk, const char *folder) {
    char path[PATH_MAX];
    if (!realpath(folder, path) || strlen(path) >= path_bytes) abort();
    strcpy(disk->folder, path);
}

simulated_disk *simulated_disk_open(const char *folder, uint64_t seed, unsigned sabotage) {
    simulated_disk *disk = checked(calloc(1, sizeof *disk));
    set_folder(disk, folder);
    disk->random = seed;
    disk->sabotage = sabotage;
    DIR *directory = checked(opendir(folder));
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (entry->d_name[0] == '.' || !is_modelled(entry->d_name)) continue;
        file *file = find(disk, entry->d_name);
        file->platter = cached(disk, file);
        file->least_bytes = file->platter.count;
        file->is_name_durable = true;
    }
    closedir(directory);
    pthread_mutex_lock(&mutex);
    disk->next = disks;
    disks = disk;
    pthread_mutex_unlock(&mutex);
    atomic_fetch_add(&disk_count, 1);
    return disk;
}

void simulated_disk_close(simulated_disk *disk) {
    atomic_fetch_sub(&disk_count, 1);
    pthread_mutex_lock(&mutex);
    simulated_disk **place = &disks;
    while (*place != disk) place = &(*place)->next;
    *place = disk->next;
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < disk->file_count; i++) {
        free(disk->files[i].platter.bytes);
        free(disk->files[i].pages);
        free(disk->image[i].bytes);
    }
    free(disk->renamed_image.bytes);
    free(disk);
}

void simulated_disk_follow(simulated_disk *disk, simulated_disk_plan plan) {
    pthread_mutex_lock(&mutex);
    disk->plan = plan;
    disk->operations = 0;
    disk->syncs = 0;
    disk->has_failed = false;
    pthread_mutex_unlock(&mutex);
}

uint64_t simulated_disk_operations(const simulated_disk *disk) {
    pthread_mutex_lock(&mutex);
    uint64_t operations = disk->operations;
    pthread_mutex_unlock(&mutex);
    return operations;
}

bool simulated_disk_has_failed(const simulated_disk *disk) {
    pthread_mutex_lock(&mutex);
    bool result = disk->has_failed;
    pthread_mutex_unlock(&mutex);
    return result;
}

bool simulated_disk_is_cut(const simulated_disk *disk) {
    pthread_mutex_lock(&mutex);
    bool result = disk->is_cut;
    pthread_mutex_unlock(&mutex);
    return result;
}

void simulated_disk_cut(simulated_disk *disk, const char *image) {
    pthread_mutex_lock(&mutex);
    cut(disk);
    for (int i = 0; i < disk->file_count; i++)
        if (disk->image[i].bytes) store(image, &disk->files[i], &disk->image[i]);
    if (disk->renamed_image.bytes) store(image, renamed(), &disk->renamed_image);
    pthread_mutex_unlock(&mutex);
}

void simulated_disk_kill(simulated_disk *disk, const char *folder) {
    pthread_mutex_lock(&mutex);
    unsigned tenths = any_tenths(disk);
    for (int i = 0; i < disk->file_count; i++) {
        file *file = &disk->files[i];
        content cache = cached(disk, file);
        if (!cache.bytes) continue;
        for (size_t index = 0; index < file->page_count; index++) {
            size_t at = index * page_bytes, end = at + page_bytes;
            if (!file->pages[index].lost || at >= cache.count || !chance(disk, tenths)) continue;
            if (end > cache.count) end = cache.count;
            for (size_t byte = at; byte < end; byte++)
                cache.bytes[byte] = byte < file->platter.count ? file->platter.bytes[byte] : 0;
            file->pages[index].lost = false;
        }
        store(folder, file, &cache);
        free(cache.bytes);
    }
    content marker = cached(disk, renamed());
    if (marker.bytes) store(folder, renamed(), &marker);
    free(marker.bytes);
    set_folder(disk, folder);
    pthread_mutex_unlock(&mutex);
}
