import Foundation
import Glibc
package import Measures

/// What Linux tells of this process, as Prometheus' own clients have it:
/// https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
package struct ProcessFigures: Sendable, Hashable {
    package var cpuMicroseconds: UInt64
    package var residentBytes: UInt64
    package var virtualBytes: UInt64
    package var threads: UInt64
    package var openDescriptors: UInt64
    package var descriptorsMaximum: UInt64
    /// Unix time.
    package var startMicroseconds: UInt64

    /// When this process started. It is computed from two clocks, and they are read once: Prometheus takes a start that
    /// moves by a microsecond for another start. nil where /proc is not to be seen.
    private static let start = read()?.startMicroseconds

    /// - Returns: nil where /proc is not to be seen.
    package static func current() -> ProcessFigures? {
        guard var figures = read() else { return nil }
        if let start { figures.startMicroseconds = start }
        return figures
    }

    private static func read() -> ProcessFigures? {
        guard let status = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        else { return nil }
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return ProcessFigures(
            status: status, ticksPerSecond: UInt64(sysconf(Int32(_SC_CLK_TCK))),
            pageBytes: UInt64(sysconf(Int32(_SC_PAGESIZE))), openDescriptors: UInt64(descriptors.count),
            descriptorsMaximum: UInt64(limit.rlim_cur), now: microseconds(CLOCK_REALTIME),
            sinceBoot: microseconds(CLOCK_BOOTTIME))
    }

    /// - Parameters:
    ///   - status: Of /proc/self/stat, proc(5).
    ///   - now: Unix time, in microseconds.
    ///   - sinceBoot: As much later than the machine's start; /proc/stat, which has that start, may be hidden.
    package init?(
        status: String, ticksPerSecond: UInt64, pageBytes: UInt64, openDescriptors: UInt64, descriptorsMaximum: UInt64,
        now: UInt64, sinceBoot: UInt64
    ) {
        // The program's name is in parentheses and may have any character; the third field follows it.
        guard ticksPerSecond > 0, let end = status.lastIndex(of: ")") else { return nil }
        let fields = status[end...].dropFirst().split(whereSeparator: \.isWhitespace)
        func field(_ number: Int) -> UInt64? { fields.count > number - 3 ? UInt64(fields[number - 3]) : nil }
        guard let user = field(14), let system = field(15), let threads = field(20), let start = field(22),
            let virtual = field(23), let resident = field(24)
        else { return nil }
        cpuMicroseconds = (user + system) * 1_000_000 / ticksPerSecond
        residentBytes = resident * pageBytes
        virtualBytes = virtual
        self.threads = threads
        self.openDescriptors = openDescriptors
        self.descriptorsMaximum = descriptorsMaximum
        let age = sinceBoot - min(sinceBoot, start * 1_000_000 / ticksPerSecond)
        startMicroseconds = now - min(now, age)
    }

    private static func microseconds(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1_000
    }
}

extension Exposition {
    package mutating func add(_ process: ProcessFigures) {
        add(
            .counter, "process_cpu_seconds_total", "Processor time of the process.",
            .microseconds(process.cpuMicroseconds))
        add(.gauge, "process_resident_memory_bytes", "Memory of the process.", .whole(process.residentBytes))
        add(.gauge, "process_virtual_memory_bytes", "Address space of the process.", .whole(process.virtualBytes))
        add(.gauge, "process_threads", "Threads of the process.", .whole(process.threads))
        add(.gauge, "process_open_fds", "Open file descriptors.", .whole(process.openDescriptors))
        add(.gauge, "process_max_fds", "The most file descriptors.", .whole(process.descriptorsMaximum))
        add(
            .gauge, "process_start_time_seconds", "When the process started, in Unix time.",
            .microseconds(process.startMicroseconds))
    }
}
