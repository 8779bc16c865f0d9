package import Foundation

/// How long to wait before a request is made again, and when to give up.
package struct RetryPolicy: Sendable {
    package var attemptsMax = 6
    package var firstWait = Duration.seconds(1)
    package var longestWait = Duration.seconds(30)
    /// The longest that a server may make us wait.
    package var longestAsked = Duration.seconds(300)
    /// So much that arrived makes the failures before it forgotten: a large file may take many attempts, as long as it
    /// gets on.
    package var progressBytes = 1 << 20

    package init() {}
}

/// The failures of one request, or of one file's.
package struct Retries: Sendable {
    private let policy: RetryPolicy
    private var failureCount = 0

    package init(_ policy: RetryPolicy) { self.policy = policy }

    /// - Parameters:
    ///   - asked: How long the server asks us to wait.
    ///   - received: The bytes that have come since the failure before.
    /// - Returns: How long to wait; nil: it is over.
    package mutating func wait(asked: Duration?, received: Int) -> Duration? {
        if received >= policy.progressBytes { failureCount = 0 }
        failureCount += 1
        guard failureCount < policy.attemptsMax else { return nil }
        let grown = policy.firstWait * (1 << min(failureCount - 1, 20))
        let wait = min(grown, policy.longestWait)
        guard let asked else { return wait }
        return asked <= policy.longestAsked ? max(asked, wait) : nil
    }
}

extension HTTPHead {
    /// How long the server asks us to wait: RFC 9110, 10.2.3, in seconds or as a date; or, of the hub, the time until a
    /// rate's window ends (`RateLimit: "api";r=0;t=55`).
    package func retryAfter(now: Date) -> Duration? {
        if let value = fields["retry-after"] {
            if let seconds = Int(value) { return seconds >= 0 ? .seconds(min(seconds, 1 << 30)) : nil }
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.timeZone = TimeZone(identifier: "UTC")
            format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
            guard let date = format.date(from: value) else { return nil }
            return .seconds(max(0, min(date.timeIntervalSince(now).rounded(.up), 1e9)))
        }
        guard status == 429, let rate = fields["ratelimit"] else { return nil }
        let time = rate.split(separator: ";").first { $0.hasPrefix("t=") }
        return time.flatMap { Int($0.dropFirst(2)) }.flatMap { $0 >= 0 ? .seconds(min($0, 1 << 30)) : nil }
    }
}
