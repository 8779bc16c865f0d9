/// When a node's machine is to be asked again.
struct Alarm {
    private var time: UInt64?

    /// What is planned already, and earlier, stays.
    mutating func set(_ cluster: Cluster, for node: NodeID, at wanted: UInt64) {
        let due = max(wanted, cluster.clock.monotonic)
        if let time, time <= due { return }
        time = due
        cluster.agenda.plan(.tick(node), at: due)
    }

    /// Whether it is due, and to be set anew; another may have been set since what rings was planned.
    mutating func rings(_ cluster: Cluster) -> Bool {
        guard let due = time, due <= cluster.clock.monotonic else { return false }
        time = nil
        return true
    }
}
