import Foundation
import Systemd
import TestKit
import Testing

@Suite("Processors")
struct ProcessorsTests {
    struct Case: Sendable {
        /// What `cpu.max` holds, by group.
        var limits: [String: String]
        var groups = "0::/system.slice/worker.service\n"
        var quota: Int?
    }

    private static let cases = [
        Case(limits: ["system.slice/worker.service": "200000 100000\n"], quota: 2),
        // The rest of a processor counts, and however little there is, one thread.
        Case(limits: ["system.slice/worker.service": "150000 100000\n"], quota: 2),
        Case(limits: ["system.slice/worker.service": "1000 100000\n"], quota: 1),
        Case(limits: ["system.slice/worker.service": "max 100000\n"]),
        // The narrowest group counts, wherever it is.
        Case(limits: ["system.slice": "300000 100000\n", "system.slice/worker.service": "800000 100000\n"], quota: 3),
        Case(limits: ["system.slice": "max 100000\n", "system.slice/worker.service": "40000 20000\n"], quota: 2),
        // In a container, its group is the topmost one that it sees.
        Case(limits: ["": "400000 100000\n"], groups: "0::/\n", quota: 4),
        Case(limits: ["other.slice": "100000 100000\n"]),
        // Version 1 besides; nothing but version 1; what is no quota.
        Case(limits: ["a": "200000 100000"], groups: "4:cpu:/b\n0::/a\n", quota: 2),
        Case(limits: ["a": "200000 100000"], groups: "4:cpu:/a\n"),
        Case(limits: ["system.slice/worker.service": "0 100000\n"]),
        Case(limits: ["system.slice/worker.service": "many\n"]),
        Case(limits: [:], groups: ""),
    ]

    @Test("a quota of processor time counts as processors", arguments: cases)
    func quota(_ sample: Case) throws {
        let mount = try TemporaryFolder()
        for (group, limit) in sample.limits {
            let folder = mount.url.appending(path: group)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(limit.utf8).write(to: folder.appending(path: "cpu.max"))
        }
        #expect(Processors.quota(groups: sample.groups, mount: mount.url.path(percentEncoded: false)) == sample.quota)
    }

    @Test("there is always a processor to use, and never one more than the process may run on")
    func usable() {
        #expect((1...ProcessInfo.processInfo.activeProcessorCount).contains(Processors.usable))
    }
}
