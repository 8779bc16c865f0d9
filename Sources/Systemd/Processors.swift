import Foundation

/// How many processors this process can keep busy.
package enum Processors {
    /// Those that it may run on; fewer where its control group, or one around it, has a quota of their time, as systemd's
    /// `CPUQuota=` and containers set it. More threads would only be stopped in the middle of every period.
    package static var usable: Int {
        let allowed = ProcessInfo.processInfo.activeProcessorCount
        guard let groups = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8) else { return allowed }
        return min(allowed, quota(groups: groups, mount: "/sys/fs/cgroup") ?? allowed)
    }

    /// The least quota of a group and those around it, in processors, rounded up: the rest of one is time, too.
    ///
    /// - Parameters:
    ///   - groups: What `/proc/self/cgroup` says; only version 2 of control groups counts (cgroups(7)).
    ///   - mount: Where their folders are.
    /// - Returns: Nil without a quota; otherwise at least 1.
    package static func quota(groups: String, mount: String) -> Int? {
        guard let own = groups.split(separator: "\n").first(where: { $0.hasPrefix("0::/") })?.dropFirst("0::".count)
        else { return nil }
        var folder = mount
        var quotas = [processors(of: folder)]
        for name in own.split(separator: "/") {
            folder += "/\(name)"
            quotas.append(processors(of: folder))
        }
        return quotas.compactMap(\.self).min()
    }

    /// `cpu.max` holds two numbers of microseconds, the time and the period that it is for, or `max` for no quota; the
    /// topmost group has no such file.
    private static func processors(of folder: String) -> Int? {
        guard let text = try? String(contentsOfFile: "\(folder)/cpu.max", encoding: .utf8) else { return nil }
        let numbers = text.split(whereSeparator: \.isWhitespace).map { Int($0) }
        guard numbers.count == 2, let time = numbers[0], let period = numbers[1], time > 0, period > 0
        else { return nil }
        return (time - 1) / period + 1
    }
}
