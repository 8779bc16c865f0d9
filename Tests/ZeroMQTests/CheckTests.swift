import Glibc
import Testing
import ZeroMQ

@Suite struct CheckTests {
    @Test func `a call that a signal interrupts is made again`() throws {
        var calls = 0
        let result = try zmqCheck("some_call") {
            calls += 1
            errno = EINTR
            return calls < 4 ? -1 : 42
        }
        #expect(result == 42)
        #expect(calls == 4)
    }

    @Test func `an error has the call, the endpoint, the reason and what to do`() {
        let error = #expect(throws: ZeroMQError.self) {
            try zmqCheck("zmq_bind", endpoint: "tcp://*:80") {
                errno = EACCES
                return -1
            }
        }
        #expect(
            error?.description
                == "tcp://*:80: zmq_bind: Permission denied; this user may not do that; "
                + "check who owns the path, or use a port from 1024 up")
    }
}
