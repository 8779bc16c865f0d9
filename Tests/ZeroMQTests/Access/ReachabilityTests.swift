import Foundation
import TestKit
import Testing
import ZeroMQ

@Suite struct ReachabilityTests {
    @Test(arguments: ["tcp", "ipc"]) func `where someone listens there is no problem`(_ transport: String) throws {
        let folder = try TemporaryFolder()
        let router = try Socket(.router, in: try Context())
        let endpoint = try router.bind(transport == "tcp" ? "tcp://127.0.0.1:*" : "ipc://\(folder.file("jobs").path)")
        #expect(Reachability.problem(of: endpoint) == nil)
        withExtendedLifetime(router) {}
    }

    @Test func `a port without a listener refuses`() throws {
        let endpoint: String
        do {
            let router = try Socket(.router, in: try Context())
            endpoint = try router.bind("tcp://127.0.0.1:*")
        }
        // libzmq closes it in the background.
        let deadline = patience()
        while Reachability.problem(of: endpoint) == nil, ContinuousClock.now < deadline { usleep(2000) }
        #expect(Reachability.problem(of: endpoint) == "Connection refused")
    }

    @Test func `a file that is not there, and one that is no socket`() throws {
        let folder = try TemporaryFolder()
        #expect(Reachability.problem(of: "ipc://\(folder.file("jobs").path)") == "No such file or directory")
        let path = try folder.write("file", "no socket")
        #expect(Reachability.problem(of: "ipc://\(path)") == "Connection refused")
    }

    /// RFC 6761: names under `invalid` never exist.
    @Test func `a name that does not exist is named`() throws {
        let problem = Reachability.problem(of: "tcp://broker.invalid:7412")
        #expect(problem?.hasPrefix("broker.invalid: ") == true)
    }

    @Test func `who listens and takes no connection does not keep anyone waiting`() throws {
        // listen(2): a backlog of none, which is one connection, and that is taken up.
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size)
                listen(listener, 0)
                getsockname(listener, $0, &size)
            }
            return UInt16(bigEndian: address.pointee.sin_port)
        }
        let endpoint = "tcp://127.0.0.1:\(port)"
        let first = try RawPeer(endpoint: endpoint)
        #expect(Reachability.problem(of: endpoint, patience: .milliseconds(100)) == "no answer")
        withExtendedLifetime(first) {}
    }
}
