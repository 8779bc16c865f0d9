/// How many models stay in memory, and for how long.
package struct ModelLimits: Sendable, Hashable {
    /// More are in memory only while more are in use; 0: no limit.
    package var loadedMaximum = 0
    /// What has not been used for so long is unloaded; 0: never.
    package var idleMilliseconds: UInt64 = 0

    package init() {}
}
