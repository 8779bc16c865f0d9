package import DragomanClient

extension Job {
    /// A job whose id says which it is.
    package static func test(_ number: Int, _ text: String = "Hello.") -> Job {
        Job(id: .test(number), [.text(text)])
    }

    package static func tests(_ numbers: Range<Int>) -> [Job] { numbers.map { test($0) } }
}

extension JobID {
    package static func test(_ number: Int) -> JobID {
        let bytes = (0..<16).map { UInt8(truncatingIfNeeded: $0 < 8 ? 0 : number >> (8 * (15 - $0))) }
        guard let id = JobID(bytes: bytes) else { preconditionFailure("16 bytes") }
        return id
    }
}
