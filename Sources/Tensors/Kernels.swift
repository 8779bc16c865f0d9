package import CKernels

/// The vector kernels of one instruction set.
///
/// All of them give the same bits, so which one runs is a matter of speed alone.
package struct Kernels: @unchecked Sendable {
    // `@unchecked Sendable`: the table is a constant of the program.

    /// The functions themselves; see `CKernels.h` for their contracts.
    package let table: UnsafePointer<dragoman_kernels>

    /// The sets that this processor can run, best first; the last is portable C.
    package static let available: [Kernels] = (0..<dragoman_kernels_count()).compactMap { index in
        dragoman_kernels_at(index).map(Kernels.init(table:))
    }

    /// The names of all sets that this build knows.
    package static let knownNames = (0..<dragoman_kernels_count()).map { String(cString: dragoman_kernels_name($0)) }

    package static let best = available[0]

    /// The set of that name, if this processor can run it.
    package static func named(_ name: String) -> Kernels? {
        available.first { $0.name == name }
    }

    package var name: String { String(cString: table.pointee.name) }
}
