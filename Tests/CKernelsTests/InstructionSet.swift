import CKernels
import Testing

/// One table of kernels. Unchecked: the tables are constants of the library.
struct InstructionSet: @unchecked Sendable, CustomTestStringConvertible {
    let name: String
    let table: UnsafePointer<dragoman_kernels>

    var kernels: dragoman_kernels { table.pointee }
    var testDescription: String { name }

    /// Those that this machine can run, best first; portable C is the last.
    static let all: [InstructionSet] = (0..<dragoman_kernels_count()).compactMap { index in
        dragoman_kernels_at(index).map {
            InstructionSet(name: String(cString: dragoman_kernels_name(index)), table: $0)
        }
    }
    static let portable = all[all.count - 1]
}

@Suite struct InstructionSetTests {
    @Test func `portable C is always there, and last`() {
        #expect(InstructionSet.portable.name == "portable")
        #expect(Set(InstructionSet.all.map(\.name)).count == InstructionSet.all.count)
    }

    @Test func `a table says the name that it is listed under`() {
        for set in InstructionSet.all { #expect(String(cString: set.kernels.name) == set.name) }
    }
}
