package import Glibc

/// The time of a log line, as RFC 3339 has it: local, with its distance from UTC, in milliseconds.
package enum LogTime {
    @Sendable package static func now() -> timespec {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time
    }

    package static func text(_ time: timespec) -> String {
        var seconds = time.tv_sec
        var local = tm()
        localtime_r(&seconds, &local)
        let date = [local.tm_year + 1900, local.tm_mon + 1, local.tm_mday].map(twoDigits).joined(separator: "-")
        let clock = [local.tm_hour, local.tm_min, local.tm_sec].map(twoDigits).joined(separator: ":")
        let milliseconds = String(1000 + time.tv_nsec / 1_000_000).dropFirst()
        let minutes = Int32(abs(local.tm_gmtoff) / 60)
        let sign = local.tm_gmtoff < 0 ? "-" : "+"
        return "\(date)T\(clock).\(milliseconds)\(sign)\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))"
    }

    private static func twoDigits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
